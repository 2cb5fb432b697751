using System.Text;

namespace KeySets.Benchmarks.Bare;

/// <summary>The URLs of the bare handler, which are some of those of the service.</summary>
internal static class BareUrl
{
    /// <summary>The path of all sets.</summary>
    public const string Sets = "/trustFramework/keySets";

    private const string Start = $"{Sets}('";
    private const string End = "')";
    private const string SkipToken = "?$skiptoken=";
    private const string Filter = "?$filter=";

    /// <summary>Reads the path of a set, or of something of a set.</summary>
    /// <param name="path">The path.</param>
    /// <param name="id">The id of the set.</param>
    /// <param name="rest">What comes after the set.</param>
    public static bool TryRead(string path, out string id, out ReadOnlySpan<char> rest)
    {
        int end = path.StartsWith(Start, StringComparison.Ordinal)
            ? path.IndexOf(End, Start.Length, StringComparison.Ordinal)
            : -1;
        id = end < 0 ? "" : path[Start.Length..end];
        rest = end < 0 ? [] : path.AsSpan(end + End.Length);
        return end >= 0;
    }

    /// <summary>The kid of <c>$filter=keys/any(k:k/kid eq '…')</c>; null if the query has no filter.</summary>
    public static string? KidOf(string query) => query.StartsWith(Filter, StringComparison.Ordinal)
        ? query[(query.IndexOf('\'', StringComparison.Ordinal) + 1)..query.LastIndexOf('\'')]
        : null;

    /// <summary>The id after which a page begins; empty for the first page.</summary>
    public static string AfterOf(string query) => query.StartsWith(SkipToken, StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(query.AsSpan(SkipToken.Length)))[2..^2]
        : "";

    /// <summary>The link to the next page.</summary>
    public static string NextLink(string address, string token) => $"{address}{Sets}{SkipToken}{token}";
}

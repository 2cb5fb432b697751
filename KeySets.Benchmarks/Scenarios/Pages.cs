using System.Text;
using KeySets.Benchmarks.Load;

namespace KeySets.Benchmarks.Scenarios;

/// <summary>Finds the pages of a list by its own links.</summary>
internal static class Pages
{
    private const int MostPages = 100;

    /// <summary>The paths of the first 100 full pages.</summary>
    public static IReadOnlyList<string> Find(Target target)
    {
        using Connection connection = new(target.Server.Port);
        List<string> pages = [];
        string path = Target.Sets;
        // The last page can be short.
        while (pages.Count < MostPages && NextOf(connection.Send(target.Get(path), status: 200)) is { } next)
        {
            pages.Add(path);
            path = next;
        }

        return pages;
    }

    private static string? NextOf(Answer answer)
    {
        ReadOnlySpan<byte> member = "\"@odata.nextLink\":\""u8;
        int start = answer.Body.LastIndexOf(member);
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> link = answer.Body[(start + member.Length)..];
        return new Uri(Encoding.UTF8.GetString(link[..link.IndexOf((byte)'"')])).PathAndQuery;
    }
}

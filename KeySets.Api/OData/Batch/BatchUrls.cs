using Microsoft.AspNetCore.Http.Extensions;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// The URLs of the requests of a batch (OData Protocol section 11.7.2). ODataLib fails the whole batch at a URL that is
/// outside of its root. So each becomes one within it, and <see cref="Take"/> turns it back.
/// </summary>
/// <param name="batch">The request that is the batch.</param>
public sealed class BatchUrls(HttpRequest batch)
{
    private const string Mirror = "/beta";

    // No Content-ID is empty, so no reference begins with these.
    private const string OfOtherRoot = "/$/root";
    private const string OfNoRoot = "/$/outside";

    private readonly Uri _root =
        new(UriHelper.BuildAbsolute(batch.Scheme, batch.Host, batch.PathBase, new PathString("/")));

    /// <summary>The URL of a request as one that ODataLib finds within the root of the batch.</summary>
    public string Within(string sent)
    {
        // ODataLib mistakes every URL that starts with $ for a reference, even $metadata, and finds no reference that
        // has a query.
        string trimmed = sent.TrimStart('/');
        if (trimmed.StartsWith('$'))
        {
            return $"./{trimmed}";
        }

        bool isPlain = sent.Length > 0
            && sent[0] != '/'
            && !sent.Split('?')[0].Contains(':', StringComparison.Ordinal)
            && !sent.Contains("..", StringComparison.Ordinal);
        return isPlain ? sent : $".{Located(sent)}";
    }

    /// <summary>Gives a request the root and the path that its URL has named.</summary>
    /// <returns>Whether the URL is one of this service.</returns>
    public static bool Take(HttpRequest request)
    {
        if (request.Path.StartsWithSegments(OfOtherRoot, out PathString path))
        {
            string root = request.PathBase.Value!;
            request.PathBase = new PathString(IsMirror(root) ? root[..^Mirror.Length] : $"{root}{Mirror}");
            request.Path = path;
        }

        return !request.Path.StartsWithSegments(OfNoRoot);
    }

    private static bool IsMirror(string root) => root.EndsWith(Mirror, StringComparison.Ordinal);

    private string Located(string url)
    {
        string own = _root.AbsolutePath.TrimEnd('/');
        string plain = IsMirror(own) ? own[..^Mirror.Length] : own;
        if (!Uri.TryCreate(_root, url, out Uri? target)
            || Uri.Compare(
                target, _root, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped,
                StringComparison.OrdinalIgnoreCase) != 0)
        {
            return OfNoRoot;
        }

        bool isOfMirror = IsBelow(target.AbsolutePath, plain + Mirror);
        if (!isOfMirror && !IsBelow(target.AbsolutePath, plain))
        {
            return OfNoRoot;
        }

        string rest = target.PathAndQuery[(isOfMirror ? plain + Mirror : plain).Length..];
        // SDKs of the cloud API write /trustFramework/… for what is below the root of the batch.
        bool isOfOwn = isOfMirror == IsMirror(own) || (url is ['/', not '/', ..] && !isOfMirror);
        return isOfOwn ? rest : $"{OfOtherRoot}{rest}";
    }

    private static bool IsBelow(string path, string root) =>
        path.StartsWith($"{root}/", StringComparison.OrdinalIgnoreCase);
}

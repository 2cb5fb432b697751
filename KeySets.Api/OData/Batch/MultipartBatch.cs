using System.Text;
using System.Text.RegularExpressions;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>A batch in multipart (OData Protocol section 11.7.7) in a form that the library's reader does not trip over.</summary>
public static partial class MultipartBatch
{
    /// <summary>
    /// Writes URLs that begin with <c>$</c> as relative ones. The library takes all of them for references, <c>$metadata</c> too, and finds only
    /// what stands in the same change set. Methods are read in any case, as they are in JSON.
    /// </summary>
    /// <param name="body">The batch.</param>
    /// <param name="boundary">What stands between its parts.</param>
    /// <exception cref="RefusalException">400: it is cut off. The library would run what is left of it.</exception>
    public static ReadOnlyMemory<byte> Normalize(ReadOnlyMemory<byte> body, string boundary)
    {
        // Byte by byte: whatever the bodies hold stays as it is.
        string text = Encoding.Latin1.GetString(body.Span);
        // Change sets can share a boundary: each has an end of its own.
        Dictionary<string, int> ends = new(Boundaries(Closing(), text).CountBy(end => end), StringComparer.Ordinal);
        if (Boundaries(InnerBoundary(), text).Prepend(boundary).CountBy(begin => begin).Any(begins => ends.GetValueOrDefault(begins.Key) < begins.Value))
        {
            throw Refusal.UnclosedBatch();
        }

        return Encoding.Latin1.GetBytes(RequestLine().Replace(text, line =>
            line.Groups["method"].Value.ToUpperInvariant() + (line.Groups["dollar"].Success ? " ./$" : " ")));
    }

    private static IEnumerable<string> Boundaries(Regex pattern, string text) =>
        pattern.Matches(text).Select(match => match.Groups["boundary"].Value);

    [GeneratedRegex("""^Content-Type:\s*multipart/mixed\s*;[^\r\n]*?boundary="?(?<boundary>[^";\r\n]*[^";\s])""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex InnerBoundary();

    [GeneratedRegex(@"^--(?<boundary>[^\r\n]+)--[ \t]*\r?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Closing();

    [GeneratedRegex(@"^(?<method>[A-Za-z]+) (?<dollar>/?\$)?(?=[^ \r\n]* HTTP/1\.[01]\r?$)", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex RequestLine();
}

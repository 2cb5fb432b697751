using System.Text;
using System.Text.RegularExpressions;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>Rewrites a multipart batch (OData Protocol section 11.7.7) to a form that ODataLib can read.</summary>
public static partial class MultipartBatch
{
    /// <summary>
    /// Makes URLs that start with <c>$</c> relative. ODataLib mistakes all of them for references, even
    /// <c>$metadata</c>, and finds only requests of the same change set. Accepts methods in any case, as in JSON.
    /// </summary>
    /// <param name="body">The batch.</param>
    /// <param name="boundary">The boundary between its parts.</param>
    /// <exception cref="RefusalException">
    /// 400: the batch is cut off. ODataLib would run the parts that are left.
    /// </exception>
    public static ReadOnlyMemory<byte> Normalize(ReadOnlyMemory<byte> body, string boundary)
    {
        // One character per byte: the bodies stay as they are.
        string text = Encoding.Latin1.GetString(body.Span);
        // Change sets can share a boundary, but each has an end of its own.
        Dictionary<string, int> ends = new(Boundaries(Closing(), text).CountBy(end => end), StringComparer.Ordinal);
        if (Boundaries(InnerBoundary(), text)
            .Prepend(boundary)
            .CountBy(begin => begin)
            .Any(begins => ends.GetValueOrDefault(begins.Key) < begins.Value))
        {
            throw Refusal.UnclosedBatch();
        }

        return Encoding.Latin1.GetBytes(RequestLine().Replace(text, line =>
            line.Groups["method"].Value.ToUpperInvariant() + (line.Groups["dollar"].Success ? " ./$" : " ")));
    }

    private static IEnumerable<string> Boundaries(Regex pattern, string text) =>
        pattern.Matches(text).Select(match => match.Groups["boundary"].Value);

    [GeneratedRegex(
        """^Content-Type:\s*multipart/mixed\s*;[^\r\n]*?boundary="?(?<boundary>[^";\r\n]*[^";\s])""",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex InnerBoundary();

    [GeneratedRegex(@"^--(?<boundary>[^\r\n]+)--[ \t]*\r?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Closing();

    [GeneratedRegex(
        @"^(?<method>[A-Za-z]+) (?<dollar>/?\$)?(?=[^ \r\n]* HTTP/1\.[01]\r?$)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex RequestLine();
}

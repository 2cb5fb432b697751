using System.Text;
using System.Text.RegularExpressions;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>Rewrites a multipart batch (OData Protocol section 11.7.7) to a form that ODataLib can read.</summary>
public static partial class MultipartBatch
{
    /// <summary>
    /// Writes the URLs of the requests in a form that ODataLib finds within the root of the batch. Accepts methods in
    /// any case, as in JSON.
    /// </summary>
    /// <param name="body">The batch.</param>
    /// <param name="boundary">The boundary between its parts.</param>
    /// <param name="urls">The URLs of its requests.</param>
    /// <exception cref="RefusalException">
    /// 400: the batch is cut off. ODataLib would run the parts that are left.
    /// </exception>
    public static ReadOnlyMemory<byte> Normalize(ReadOnlyMemory<byte> body, string boundary, BatchUrls urls)
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
            $"{line.Groups["method"].Value.ToUpperInvariant()} {urls.Within(line.Groups["url"].Value)}"));
    }

    /// <summary>
    /// Writes an answer, with the Content-IDs of the requests that stood outside of a change set (OData Protocol
    /// section 11.7.7.2). ODataLib writes those of change sets only.
    /// </summary>
    /// <param name="answer">The answer as ODataLib writes it.</param>
    /// <param name="boundary">The boundary between its parts.</param>
    /// <param name="ids">The Content-ID for each part; null for none.</param>
    /// <param name="body">Where the answer is written to.</param>
    public static async Task WriteAsync(
        ReadOnlyMemory<byte> answer, string boundary, IEnumerable<string?> ids, Stream body)
    {
        byte[] delimiter = Encoding.Latin1.GetBytes($"--{boundary}\r\n");
        foreach (string? id in ids)
        {
            int end = answer.Span.IndexOf(delimiter) + delimiter.Length;
            await body.WriteAsync(answer[..end]);
            answer = answer[end..];
            if (id is not null)
            {
                await body.WriteAsync(Encoding.Latin1.GetBytes($"Content-ID: {id}\r\n"));
            }
        }

        await body.WriteAsync(answer);
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
        @"^(?<method>[A-Za-z]+) (?<url>[^ \r\n]*)(?= HTTP/1\.[01]\r?$)",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex RequestLine();
}

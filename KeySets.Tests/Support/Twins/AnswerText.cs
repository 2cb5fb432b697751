using System.Text;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support.Twins;

/// <summary>An answer as text, without what each answer has of its own.</summary>
public static partial class AnswerText
{
    /// <summary>
    /// Reads the status, all headers and all bytes of the body. Only the value of <c>Date</c>, and each request id and
    /// boundary that the answer itself declares, have names instead.
    /// </summary>
    public static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        IEnumerable<string> headers = answer.Headers.Concat(answer.Content.Headers)
            .Select(header => $"{header.Key}: {(header.Key == "Date" ? "" : string.Join('|', header.Value))}")
            .Order(StringComparer.Ordinal);
        // One character per byte.
        string body = Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync());
        string text = string.Join('\n', [$"{(int)answer.StatusCode} {answer.ReasonPhrase}", .. headers, "", body]);
        string[] own = [.. Own().Matches(text).Select(match => match.Groups["value"].Value).Distinct()];
        foreach ((int index, string value) in own.Index())
        {
            text = text.Replace(value, $"<{index}>", StringComparison.Ordinal);
        }

        return text;
    }

    // Random UUIDs (RFC 9562 section 5.4) alone, and only where the name of a header or member says that there is one.
    [GeneratedRegex(
        """
        (request-id"?:\ ?"?|boundary="?(batch|changeset)response_)
        (?<value>[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\b
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Own();
}

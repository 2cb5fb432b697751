using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.Http.Features;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// The kid in the URL of a key. Any text can be a kid, but routing and ODataLib each misread some texts, above all a
/// slash that the client sent as <c>%2F</c>. So this class encodes the kid before routing, in characters that neither
/// misreads, and <see cref="FromKidAttribute"/> decodes it for the action.
/// </summary>
public static partial class KeyAddress
{
    private const string Keys = "/keys_v2";

    // Every encoded kid starts with this mark: a kid without it did not pass Encode.
    private const string Mark = "kid-";

    /// <summary>
    /// Encodes the kid of <c>/keys_v2('kid')</c>, <c>/keys_v2(kid='kid')</c>, <c>/keys_v2(@alias)</c> or
    /// <c>/keys_v2/kid</c>.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="rest">The part of the URL after that of the set.</param>
    /// <returns>The same part in the form of the routes.</returns>
    /// <exception cref="RefusalException">400: the value of the alias is not a text.</exception>
    public static string Encode(HttpContext context, string rest)
    {
        if (Pattern().Match(rest) is not { Success: true } match)
        {
            return rest;
        }

        string kid = match.Groups["alias"] is { Success: true } alias
            ? ValueOf(context.Request, alias.Value)
            : TextOf(context, match);
        return $"{Keys}('{Mark}{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(kid))}'){match.Groups["rest"].Value}";
    }

    /// <summary>Decodes a kid.</summary>
    /// <returns>The kid; null if <see cref="Encode"/> did not make the text.</returns>
    public static string? Decode(string text) =>
        text.StartsWith(Mark, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Mark.Length))
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.AsSpan(Mark.Length)))
            : null;

    private static string ValueOf(HttpRequest request, string alias) =>
        Literal().Match(request.Query[alias].ToString()) is { Success: true } literal
            ? TextOf(literal)
            : throw Refusal.BadQueryOption(alias);

    /// <remarks>
    /// Kestrel unescapes the path except for %2F, so <c>%2F</c> and <c>%252F</c> look the same. The raw target tells
    /// them apart. If it names no key, as in a reference inside a batch, the request is refused, since it could reach
    /// another key. The in-process server of the tests keeps no raw target: there, %2F is read as a slash, which it
    /// mostly is.
    /// </remarks>
    private static string TextOf(HttpContext context, Match match)
    {
        string text = TextOf(match);
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return !text.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? text
            : string.IsNullOrEmpty(target) ? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
            : TextOf(target, match.Groups["rest"].Value, isSegment: match.Groups["kid"].Success)
                ?? throw Refusal.NoResource();
    }

    private static string TextOf(Match match) => match.Groups["kid"] is { Success: true } kid
        ? kid.Value
        : match.Groups["literal"].Value.Replace("''", "'", StringComparison.Ordinal);

    private static string? TextOf(string target, string rest, bool isSegment)
    {
        string[] segments =
            [.. target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        if (segments is [.., "$query"])
        {
            segments = segments[..^1];
        }

        segments = segments.SkipLast(rest.Split('/', StringSplitOptions.RemoveEmptyEntries).Length).ToArray();

        return (segments, isSegment) switch
        {
            // Kestrel has resolved dot segments in the path, so its segments may differ from the target's.
            _ when segments.Any(segment => segment is "." or "..") => null,
            ([.., { } name, { } kid], true) when name.Equals(Keys[1..], StringComparison.OrdinalIgnoreCase) => kid,
            ([.., { } last], false) when InParentheses().Match(last) is { Success: true } match => TextOf(match),
            _ => null,
        };
    }

    [GeneratedRegex(
        @"^/keys_v2(\((kid=)?('(?<literal>([^'/]|'')*)'|(?<alias>@\w+))\)|/(?<kid>[^/$][^/]*))(?<rest>/.*)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Pattern();

    [GeneratedRegex(
        @"^keys_v2\((kid=)?'(?<literal>([^']|'')*)'\)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex InParentheses();

    [GeneratedRegex(@"^'(?<literal>([^']|'')*)'\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}

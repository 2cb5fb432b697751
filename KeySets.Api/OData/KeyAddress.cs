using System.Text.RegularExpressions;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.Http.Features;

namespace KeySets.Api.OData;

/// <summary>
/// The kid in the URL of a key. Any text can be one, and the route and the library each take some texts for something else, <c>%2F</c> for
/// a slash above all. So neither sees it: it is taken out of the URL before, and the action asks for it here.
/// </summary>
public static partial class KeyAddress
{
    private const string Keys = "/keys_v2";

    // What stands in the place of the kid. It is no kid, and is never looked for.
    private const string Placeholder = $"{Keys}('-')";

    private static readonly object Item = new();

    /// <summary>The kid that the request is about.</summary>
    /// <exception cref="RefusalException">404: the URL names no key, in a way that the route takes for one.</exception>
    public static string Kid(HttpContext context) => context.Items[Item] as string ?? throw Refusal.NoResource();

    /// <summary>The part of a key's URL that follows that of its set.</summary>
    public static string Of(string kid) => $"{Keys}('{Uri.EscapeDataString(kid.Replace("'", "''", StringComparison.Ordinal))}')";

    /// <summary>Takes the kid out of <c>/keys_v2('kid')</c>, <c>/keys_v2(kid='kid')</c>, <c>/keys_v2(@alias)</c> and <c>/keys_v2/kid</c>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rest">What follows the URL of the set.</param>
    /// <returns>The same as the route has it.</returns>
    /// <exception cref="RefusalException">400: the alias stands for no text.</exception>
    public static string TakeKid(HttpContext context, string rest)
    {
        if (Pattern().Match(rest) is not { Success: true } match)
        {
            return rest;
        }

        context.Items[Item] = match.Groups["alias"] is { Success: true } alias ? Meaning(context.Request, alias.Value) : Text(context, match);
        return $"{Placeholder}{match.Groups["rest"].Value}";
    }

    private static string Meaning(HttpRequest request, string alias) =>
        Literal().Match(request.Query[alias].ToString()) is { Success: true } literal ? Text(literal) : throw Refusal.BadQueryOption(alias);

    /// <remarks>
    /// The server takes off every escape of the path but this one, so that <c>%2F</c> and <c>%252F</c> look the same. Which it was stands in
    /// what was sent. Where that names no key, as a reference within a batch, no key is named rather than perhaps another one. A server in
    /// memory keeps nothing of what was sent: there it is the slash that it mostly is.
    /// </remarks>
    private static string Text(HttpContext context, Match match)
    {
        string text = Text(match);
        string sent = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return !text.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? text
            : string.IsNullOrEmpty(sent) ? text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
            : Sent(sent, isSegment: match.Groups["kid"].Success) ?? throw Refusal.NoResource();
    }

    private static string Text(Match match) =>
        match.Groups["kid"] is { Success: true } kid ? kid.Value : match.Groups["literal"].Value.Replace("''", "'", StringComparison.Ordinal);

    private static string? Sent(string target, bool isSegment)
    {
        string[] segments = [.. target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        if (segments is [.., "$query"])
        {
            segments = segments[..^1];
        }

        // Of dot segments nothing is left in the path: what is last here may not be what is last there.
        return (segments, isSegment) switch
        {
            _ when segments.Any(segment => segment is "." or "..") => null,
            ([.., { } name, { } kid], true) when name.Equals(Keys[1..], StringComparison.OrdinalIgnoreCase) => kid,
            ([.., { } last], false) when InParentheses().Match(last) is { Success: true } match => Text(match),
            _ => null,
        };
    }

    [GeneratedRegex(@"^/keys_v2(\((kid=)?('(?<literal>([^'/]|'')*)'|(?<alias>@\w+))\)|/(?<kid>[^/$][^/]*))(?<rest>/.*)?\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"^keys_v2\((kid=)?'(?<literal>([^']|'')*)'\)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex InParentheses();

    [GeneratedRegex(@"^'(?<literal>([^']|'')*)'\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Literal();
}

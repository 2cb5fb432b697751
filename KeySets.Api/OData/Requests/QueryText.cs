using System.Text.RegularExpressions;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// Splits the text of a query option into tokens (OData ABNF, sections 4, 5 and 7), so that nothing that a client has
/// quoted is taken for syntax.
/// </summary>
public static partial class QueryText
{
    /// <summary>
    /// The tokens of an expression: literals in single quotes, JSON strings, white space, symbols, and words, which are
    /// all the rest: names, operators, numbers. Together they are the text.
    /// </summary>
    public static IEnumerable<string> Tokens(string text) => Token().Matches(text).Select(match => match.Value);

    /// <summary>The token of an expression at a place.</summary>
    public static string TokenAt(string text, int start) => Token().Match(text, start).Value;

    /// <summary>
    /// The token of a $search at a place: a phrase in double quotes, white space, a parenthesis or semicolon, or a
    /// word. A word may have single quotes in it.
    /// </summary>
    public static string SearchTokenAt(string text, int start) => SearchToken().Match(text, start).Value;

    /// <summary>An expression without what is quoted in it.</summary>
    public static string WithoutLiterals(string text) => string.Concat(Tokens(text).Where(token => !IsQuoted(token)));

    /// <summary>Whether a token is a literal in single quotes, or a JSON string or phrase in double quotes.</summary>
    public static bool IsQuoted(string token) => token is ['\'' or '"', ..];

    /// <summary>Whether a token that is quoted has its end.</summary>
    public static bool IsClosed(string token) => token.Length > 1 && token[^1] == token[0];

    [GeneratedRegex(
        """\G('([^']|'')*'?|"(\\.|[^"\\])*"?|\s+|[^\s'"()\[\]{},;=/:]+|.)""",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(
        """\G("(\\.|[^"\\])*"?|\s+|[^\s"();]+|.)""", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex SearchToken();
}

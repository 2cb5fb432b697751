using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Writes a $search in the form that ODataLib reads. ODataLib reads no words with digits or dots, and within $expand it
/// takes parentheses, quotes and semicolons of a phrase for syntax. So each term becomes a phrase in base64url, which
/// <see cref="TermOf"/> turns back.
/// </summary>
public static partial class SearchText
{
    /// <summary>Writes a $search in the form that ODataLib reads.</summary>
    /// <param name="target">The query option that a refusal names.</param>
    /// <param name="search">The $search.</param>
    /// <exception cref="RefusalException">
    /// 400: a phrase is empty or has no end, or no white space stands between two operands or operators.
    /// </exception>
    public static string Canonicalize(string target, string search)
    {
        string[] tokens = [.. Token().Matches(search).Select(match => match.Value)];
        StringBuilder text = new();
        bool isAfterOperand = false;
        bool isGap = true;
        foreach ((int index, string token) in tokens.Index())
        {
            bool isSpace = string.IsNullOrWhiteSpace(token);
            if (!isGap && !isSpace && token is not ")")
            {
                throw Refusal.BadQueryOption(target);
            }

            isGap = isSpace || token is "(";
            bool isOperator = IsOperator(token, isAfterOperand) && HasOperand(tokens[(index + 1)..]);
            bool isSyntax = isSpace || isOperator || token is "(" or ")";
            text.Append(isSyntax ? token : $"\"{Encoded(target, token)}\"");
            isAfterOperand = isSpace ? isAfterOperand : !isOperator && token is not "(";
        }

        return text.ToString();
    }

    /// <summary>The term, as the client sent it, of a phrase in the form that ODataLib reads.</summary>
    public static string TermOf(string phrase) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(phrase));

    /// <remarks>The words AND, OR and NOT are operators only where they have operands.</remarks>
    private static bool IsOperator(string token, bool isAfterOperand) =>
        isAfterOperand ? token is "AND" or "OR" or "NOT" : token is "NOT";

    private static bool HasOperand(string[] rest) =>
        rest.FirstOrDefault(token => !string.IsNullOrWhiteSpace(token)) is not (null or ")");

    private static string Encoded(string target, string token)
    {
        string term = token;
        if (token is ['"', ..])
        {
            term = token is [_, _, .., '"'] ? Escape().Replace(token[1..^1], "${character}") : "";
        }

        return term.Length > 0
            ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(term))
            : throw Refusal.BadQueryOption(target);
    }

    [GeneratedRegex(
        @"""(\\.|[^""\\])*""?|\s+|[()]|[^\s""()]+", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(@"\\(?<character>.)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Writes an expression ($filter, $orderby) in the form that ODataLib reads. ODataLib reads less than the standard
/// allows (OData ABNF, section 4): <c>in</c>, <c>true</c> and <c>false</c> in small letters only, no plus sign before a
/// number, and parameter aliases not everywhere. So their values take their places here.
/// </summary>
/// <param name="option">The query option that a refusal names.</param>
/// <param name="aliases">The parameter aliases in scope, with their values, by their names with '@'.</param>
/// <param name="isNested">Whether the expression is an option of an item of $select or $expand.</param>
public sealed partial class ExpressionText(
    string option, IReadOnlyDictionary<string, string> aliases, bool isNested)
{
    private const string In = "in";
    private const string It = "$it";

    // Aliases may stand for aliases: the limit also ends one that stands for itself.
    private const int MostAliases = 1024;

    private readonly Stack<string> _tokens = [];
    private readonly StringBuilder _text = new();

    private string _previous = "";
    private int _aliases;

    /// <summary>Writes an expression in the form that ODataLib reads. It can be called once.</summary>
    /// <exception cref="RefusalException">
    /// 501: a part of the expression that ODataLib does not know, or reads as something else; 400: malformed JSON or
    /// aliases, or too long a text.
    /// </exception>
    public string Canonicalize(string text)
    {
        Push(text);
        while (_tokens.TryPop(out string? token))
        {
            _text.Append(IsAlias(token) ? Expand(token) : _previous is In ? List(token) : Word(token));
            if (_text.Length > SystemQueryOptions.LongestQuery)
            {
                throw Refusal.QueryTooLong(SystemQueryOptions.LongestQuery);
            }
        }

        return _text.ToString();
    }

    private void Push(string text)
    {
        foreach (string token in QueryText.Tokens(text).Reverse())
        {
            _tokens.Push(token);
        }
    }

    private string Word(string token)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return token;
        }

        // Before a slash or a colon, a word is a variable; after a slash, a member.
        bool isName = _previous is "/" || (_tokens.TryPeek(out string? next) && next is "/" or ":");
        string word = token switch
        {
            // In parentheses, $it is the resource of the URL and $this the element of the collection. ASP.NET Core
            // OData does not tell them apart. Elsewhere both are the element, and ODataLib does not know $this.
            It when isNested => throw Refusal.UnsupportedExpression(option),
            "$this" when !isNested => It,
            ['+', >= '0' and <= '9', ..] => token[1..],
            _ when !isName && Keyword().IsMatch(token) => token.ToLowerInvariant(),
            _ => token,
        };
        // A variable can have the name of the operator.
        _previous = isName && word is In ? "" : word;
        return word;
    }

    /// <returns>Nothing: the tokens of the value come next.</returns>
    private string Expand(string alias)
    {
        string value = aliases.GetValueOrDefault(alias, "null");
        if (!IsWhole(value) || ++_aliases > MostAliases)
        {
            throw Refusal.BadQueryOption(option);
        }

        bool isList = _previous is In;
        Push(isList || QueryText.Tokens(value.Trim()).Take(2).Count() == 1 ? value.Trim() : $"({value})");
        return "";
    }

    /// <summary>
    /// The right side of <c>in</c>: a list of literals, a JSON array, which becomes such a list, or a path.
    /// </summary>
    private string List(string token)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            return token;
        }

        _previous = token;
        return token switch
        {
            "(" => $"({Elements(")")})",
            "[" => $"({Elements("]")})",
            _ when IsLiteral().IsMatch(token) => throw Refusal.UnsupportedExpression(option),
            _ => token,
        };
    }

    private string Elements(string end)
    {
        StringBuilder elements = new();
        while (_tokens.TryPop(out string? token))
        {
            if (token == end)
            {
                return elements.ToString();
            }

            elements.Append(token switch
            {
                _ when IsAlias(token) => Expand(token),
                ['"', ..] => Text(token),
                ['+', >= '0' and <= '9', ..] => token[1..],
                "," or ":" or ['\'', ..] => token,
                _ when string.IsNullOrWhiteSpace(token) || IsLiteral().IsMatch(token) => token,
                // The prefix of a literal, such as duration'P1D'.
                _ when char.IsLetter(token[0]) && _tokens.TryPeek(out string? next) && next is ['\'', ..] => token,
                _ => throw Refusal.UnsupportedExpression(option),
            });
        }

        throw Refusal.BadQueryOption(option);
    }

    private string Text(string json)
    {
        try
        {
            return $"'{JsonSerializer.Deserialize<string>(json)!.Replace("'", "''", StringComparison.Ordinal)}'";
        }
        catch (JsonException)
        {
            throw Refusal.BadQueryOption(option);
        }
    }

    private bool IsAlias(string token) => _previous is not "/" && Alias().IsMatch(token);

    /// <remarks>A value with one parenthesis too many would change the meaning of what stands around it.</remarks>
    private static bool IsWhole(string value)
    {
        int depth = 0;
        foreach (string token in QueryText.Tokens(value))
        {
            depth += token is "(" or "[" or "{" ? 1 : token is ")" or "]" or "}" ? -1 : 0;
            if (depth < 0 || (QueryText.IsQuoted(token) && !QueryText.IsClosed(token)))
            {
                return false;
            }
        }

        return depth == 0 && !string.IsNullOrWhiteSpace(value);
    }

    [GeneratedRegex(@"^@\w+\z")]
    private static partial Regex Alias();

    [GeneratedRegex(@"^(in|true|false)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Keyword();

    // Numbers, dates and GUIDs, and the literals that are names. The database has no infinite numbers and no NaN.
    [GeneratedRegex(
        @"^(-?\d.*|true|false|null|[\da-f]{8}-.*)\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex IsLiteral();
}

using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Reads the items of a $select or $expand with the options in their parentheses (OData ABNF: select, expand), and
/// refuses what ODataLib would read and not follow.
/// </summary>
public sealed partial class QueryItemReader
{
    private readonly string _target;
    private readonly string _text;

    private int _place;
    private int _depth;

    private QueryItemReader(string target, string text) => (_target, _text) = (target, text);

    /// <summary>Reads the items.</summary>
    /// <param name="name">$select or $expand.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="RefusalException">
    /// 400: the text does not follow the standard, an option is repeated or misplaced, or two collections are expanded.
    /// </exception>
    public static IReadOnlyList<QueryItem> Read(string name, string text)
    {
        QueryItemReader reader = new(name, text);
        IReadOnlyList<QueryItem> items = reader.Items(name);
        return reader._place == text.Length ? items : throw Refusal.BadQueryOption(name);
    }

    private List<QueryItem> Items(string name)
    {
        if (++_depth > QueryLimits.MaximumDepth)
        {
            throw Refusal.QueryTooDeep(_target, QueryLimits.MaximumDepth);
        }

        List<QueryItem> items = [];
        do
        {
            items.Add(Item(name));
        }
        while (Skip(","));
        _depth--;
        // No type has two collections that can be expanded.
        return name == SystemQueryOptions.Expand && items.Count(item => !item.IsAsterisk) > 1
            ? throw Refusal.RepeatedQueryOption(_target)
            : items;
    }

    private QueryItem Item(string name)
    {
        string path = Until(",", ";", "(", ")");
        List<QueryOption> options = Skip("(") ? Options(name) : [];
        return path.Length > 0 && string.IsNullOrWhiteSpace(options.Count == 0 ? "" : Until(",", ";", "(", ")"))
            ? new QueryItem(path, options)
            : throw Refusal.BadQueryOption(_target);
    }

    private List<QueryOption> Options(string parent)
    {
        List<QueryOption> options = [];
        do
        {
            options.Add(Option(parent));
        }
        while (Skip(";"));
        if (options.DistinctBy(option => option.Name).Count() < options.Count)
        {
            throw Refusal.RepeatedQueryOption(_target);
        }

        return Skip(")") ? options : throw Refusal.BadQueryOption(_target);
    }

    private QueryOption Option(string parent)
    {
        string name = SystemQueryOptions.CanonicalName(Until("=", ";", ")").Trim());
        if (!Skip("="))
        {
            throw Refusal.BadQueryOption(_target);
        }

        if (name == SystemQueryOptions.Expand && parent == SystemQueryOptions.Select)
        {
            throw Refusal.MisplacedQueryOption(name);
        }

        int start = _place;
        IReadOnlyList<QueryItem> items = [];
        switch (name)
        {
            case SystemQueryOptions.Select or SystemQueryOptions.Expand:
                items = Items(name);
                break;
            case SystemQueryOptions.Search:
                ReadSearch();
                break;
            default:
                ReadExpression();
                break;
        }

        string value = _text[start.._place];
        return string.IsNullOrWhiteSpace(value)
            ? throw Refusal.EmptyQueryOption(_target)
            : new QueryOption(name, value, items);
    }

    /// <remarks>Words can have semicolons, which the client has sent as <c>%3B</c>: no option follows them.</remarks>
    private void ReadSearch()
    {
        int depth = 0;
        while (_place < _text.Length)
        {
            string token = QueryText.SearchTokenAt(_text, _place);
            depth += token is "(" ? 1 : token is ")" ? -1 : 0;
            if (depth < 0 || (token is ";" && depth == 0 && OptionName().IsMatch(_text, _place)))
            {
                return;
            }

            _place += token.Length;
        }
    }

    private void ReadExpression()
    {
        int depth = 0;
        while (_place < _text.Length)
        {
            string token = QueryText.TokenAt(_text, _place);
            depth += token is "(" or "[" or "{" ? 1 : token is ")" or "]" or "}" ? -1 : 0;
            if (depth < 0 || (token is ";" && depth == 0))
            {
                return;
            }

            _place += token.Length;
        }
    }

    private bool Skip(string token)
    {
        if (_place < _text.Length && QueryText.TokenAt(_text, _place) == token)
        {
            _place += token.Length;
            return true;
        }

        return false;
    }

    private string Until(params ReadOnlySpan<string> ends)
    {
        int start = _place;
        while (_place < _text.Length && QueryText.TokenAt(_text, _place) is { } token && !ends.Contains(token))
        {
            _place += token.Length;
        }

        return _text[start.._place];
    }

    [GeneratedRegex(@"\G;\s*([$@]?\w+)\s*=", RegexOptions.ExplicitCapture)]
    private static partial Regex OptionName();
}

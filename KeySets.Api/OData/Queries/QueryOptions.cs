using System.Text.RegularExpressions;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The system query options of a request, parsed by ODataLib and checked by <see cref="QueryLimits"/>.
/// </summary>
public sealed partial record QueryOptions
{
    /// <summary>$filter; null if there is none.</summary>
    public FilterClause? Filter { get; init; }

    /// <summary>$orderby; null for the natural order.</summary>
    public OrderByClause? OrderBy { get; init; }

    /// <summary>$search; null if there is none.</summary>
    public SearchClause? Search { get; init; }

    /// <summary>$select and $expand; null for everything.</summary>
    public SelectExpandClause? SelectExpand { get; init; }

    /// <summary>$top; null for no limit.</summary>
    public long? Top { get; init; }

    /// <summary>$skip.</summary>
    public long Skip { get; init; }

    /// <summary>Whether $count=true.</summary>
    public bool Count { get; init; }

    /// <summary>$skiptoken, from a next link of this service; null for the first page.</summary>
    public string? SkipToken { get; init; }

    /// <summary>Whether the client has sent an expression.</summary>
    public bool HasExpressions =>
        Filter is not null || OrderBy is not null || KeySelection.Of(SelectExpand) is not null;

    /// <summary>The values of the parameter aliases.</summary>
    public QueryAliases Aliases { get; init; } = QueryAliases.None;

    /// <summary>Reads the options of a request.</summary>
    /// <param name="request">The request. Its options have their canonical names.</param>
    /// <param name="typeName">The qualified name of the type of the resource, or of the collection's elements.</param>
    /// <param name="offered">The options that the resource supports.</param>
    /// <exception cref="RefusalException">
    /// 400: an option is malformed, or the resource does not support it; 501: the service never supports it.
    /// </exception>
    public static QueryOptions Read(HttpRequest request, string typeName, params ReadOnlySpan<string> offered)
    {
        if (request.Query.Count == 0)
        {
            return new QueryOptions();
        }

        IEdmType type = request.GetModel().FindDeclaredType(typeName);
        string[] here = [.. offered];
        return PrivateMemberGuard.Read(
            request.Query.Select(option => KeyValuePair.Create(option.Key, option.Value.ToString())),
            () =>
            {
                Dictionary<string, string> raw = Raw(request, here);
                RefuseAsteriskBesideOthers(request, type, raw);
                return Parse(Parser(request, type, raw), raw);
            });
    }

    /// <returns>The options except $format, and the parameter aliases, in the form that ODataLib reads.</returns>
    private static Dictionary<string, string> Raw(HttpRequest request, string[] offered)
    {
        Dictionary<string, string> raw = new(StringComparer.Ordinal);
        foreach ((string name, string? value) in request.Query.Select(option => (option.Key, option.Value.ToString())))
        {
            if (name.StartsWith('@'))
            {
                raw[name] = value;
            }
            else if (name.StartsWith('$') && name != SystemQueryOptions.Format)
            {
                raw[name] = offered.Contains(name) ? Canonical(name, value) : throw Refusal.MisplacedQueryOption(name);
            }
        }

        return raw;
    }

    private static string Canonical(string name, string value) => name switch
    {
        _ when value.Length == 0 => throw Refusal.EmptyQueryOption(name),
        SystemQueryOptions.Search => SearchExpressions.QuoteWords(value),
        // In $expand, $it is the resource that is expanded. ODataLib takes it for the element of the expanded
        // collection.
        SystemQueryOptions.Expand
            when PrivateMemberGuard.WithoutLiterals(value).Contains("$it", StringComparison.OrdinalIgnoreCase) =>
            throw Refusal.UnsupportedExpression(name),
        SystemQueryOptions.Select or SystemQueryOptions.Expand => Checked(name, ExpandText.Canonicalize(value)),
        _ => value,
    };

    private static string Checked(string name, string text)
    {
        ExpandText.Check(name, text);
        return text;
    }

    /// <remarks>
    /// ODataLib drops the other items beside <c>*</c>, including those that must be refused or followed.
    /// </remarks>
    private static void RefuseAsteriskBesideOthers(HttpRequest request, IEdmType type, Dictionary<string, string> raw)
    {
        Dictionary<string, string> others = raw
            .Where(option => option.Key is SystemQueryOptions.Select or SystemQueryOptions.Expand)
            .ToDictionary(option => option.Key, option => WithoutAsterisk(option.Value), StringComparer.Ordinal);
        if (others.FirstOrDefault(option => option.Value != raw[option.Key]).Key is { } target)
        {
            Parse(Parser(request, type, others), others);
            throw Refusal.UnsupportedExpression(target);
        }
    }

    private static string WithoutAsterisk(string text) =>
        AsteriskBesideOthers().Replace(text, match => match.Value.StartsWith('\'') ? match.Value : "");

    private static ODataQueryOptionParser Parser(HttpRequest request, IEdmType type, Dictionary<string, string> raw)
    {
        IEdmNavigationSource? source = request.ODataFeature().Path.NavigationSource();
        return new ODataQueryOptionParser(request.GetModel(), type, source, raw, request.GetRouteServices())
        {
            Resolver = new ODataUriResolver { EnableCaseInsensitive = true },
        };
    }

    private static QueryOptions Parse(ODataQueryOptionParser parser, Dictionary<string, string> raw)
    {
        // ODataLib parses both as one.
        string selection =
            raw.ContainsKey(SystemQueryOptions.Expand) ? SystemQueryOptions.Expand : SystemQueryOptions.Select;
        QueryOptions options = new()
        {
            Filter = QueryErrors.Explain(raw, SystemQueryOptions.Filter, parser.ParseFilter),
            OrderBy = QueryErrors.Explain(raw, SystemQueryOptions.OrderBy, parser.ParseOrderBy),
            Search = QueryErrors.Explain(raw, SystemQueryOptions.Search, parser.ParseSearch),
            SelectExpand = QueryErrors.Explain(raw, selection, parser.ParseSelectAndExpand),
            Top = QueryErrors.Explain(raw, SystemQueryOptions.Top, parser.ParseTop),
            Skip = QueryErrors.Explain(raw, SystemQueryOptions.Skip, parser.ParseSkip) ?? 0,
            Count = QueryErrors.Explain(raw, SystemQueryOptions.Count, parser.ParseCount) ?? false,
            SkipToken = raw.GetValueOrDefault(SystemQueryOptions.SkipToken),
            Aliases = new QueryAliases(parser.ParameterAliasNodes),
        };
        QueryLimits.Check(options);
        return options;
    }

    [GeneratedRegex(@"'[^']*'|\*\s*,|,\s*\*", RegexOptions.ExplicitCapture)]
    private static partial Regex AsteriskBesideOthers();
}

using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// The system query options of a request, parsed by ODataLib and checked by <see cref="QueryLimits"/>.
/// </summary>
public sealed record QueryOptions
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
        Filter is not null
        || OrderBy is not null
        || KeySelection.Of(SelectExpand) is not null
        || KeySelection.EntitiesOf(SelectExpand) is not null;

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
                QueryOption[] options = [.. Sent(request, here)];
                Dictionary<string, string> aliases = options
                    .Where(option => option.IsAlias)
                    .ToDictionary(option => option.Name, option => option.Value, StringComparer.Ordinal);
                RefuseAsteriskBesideOthers(request, type, options, aliases);
                return Parse(request, type, options, aliases);
            });
    }

    /// <returns>The options of the request that ODataLib reads, and the parameter aliases.</returns>
    private static IEnumerable<QueryOption> Sent(HttpRequest request, string[] offered)
    {
        foreach ((string name, string? value) in request.Query.Select(option => (option.Key, option.Value.ToString())))
        {
            if (name.StartsWith('@'))
            {
                yield return new QueryOption(name, value, []);
            }
            else if (name.StartsWith('$') && name != SystemQueryOptions.Format)
            {
                yield return offered.Contains(name) ? Sent(name, value) : throw Refusal.MisplacedQueryOption(name);
            }
        }
    }

    private static QueryOption Sent(string name, string value) => name switch
    {
        _ when value.Length == 0 => throw Refusal.EmptyQueryOption(name),
        SystemQueryOptions.Select or SystemQueryOptions.Expand => new(name, value, QueryItemReader.Read(name, value)),
        _ => new(name, value, []),
    };

    /// <remarks>
    /// ODataLib drops the other items beside <c>*</c>, including those that must be refused or followed.
    /// </remarks>
    private static void RefuseAsteriskBesideOthers(
        HttpRequest request, IEdmType type, QueryOption[] options, Dictionary<string, string> aliases)
    {
        QueryOption[] others = [.. options.Select(option => option.WithoutAsteriskBesideOthers())];
        if (others.Except(options, ReferenceEqualityComparer.Instance).FirstOrDefault() is QueryOption changed)
        {
            Parse(request, type, others, aliases);
            throw Refusal.UnsupportedExpression(changed.Name);
        }
    }

    private static QueryOptions Parse(
        HttpRequest request, IEdmType type, QueryOption[] options, Dictionary<string, string> aliases)
    {
        Dictionary<string, string> raw = options
            .Where(option => !option.IsAlias)
            .ToDictionary(
                option => option.Name,
                option => option.Canonical(option.Name, aliases, isNested: false),
                StringComparer.Ordinal);
        // The link to a further page has nothing that ODataLib must read.
        return raw.Keys.SequenceEqual([SystemQueryOptions.SkipToken])
            ? new QueryOptions { SkipToken = raw[SystemQueryOptions.SkipToken] }
            : Parse(Parser(request, type, raw), new QueryErrors(options, raw), raw);
    }

    private static ODataQueryOptionParser Parser(HttpRequest request, IEdmType type, Dictionary<string, string> raw)
    {
        IEdmNavigationSource? source = request.ODataFeature().Path.NavigationSource();
        return new ODataQueryOptionParser(request.GetModel(), type, source, raw, request.GetRouteServices())
        {
            Resolver = new ODataUriResolver { EnableCaseInsensitive = true },
        };
    }

    private static QueryOptions Parse(
        ODataQueryOptionParser parser, QueryErrors errors, Dictionary<string, string> raw)
    {
        // ODataLib parses both as one.
        string selection =
            raw.ContainsKey(SystemQueryOptions.Expand) ? SystemQueryOptions.Expand : SystemQueryOptions.Select;
        QueryOptions options = new()
        {
            Filter = errors.Explain(SystemQueryOptions.Filter, parser.ParseFilter),
            OrderBy = errors.Explain(SystemQueryOptions.OrderBy, parser.ParseOrderBy),
            Search = errors.Explain(SystemQueryOptions.Search, parser.ParseSearch),
            SelectExpand = errors.Explain(selection, parser.ParseSelectAndExpand),
            Top = errors.Explain(SystemQueryOptions.Top, parser.ParseTop),
            Skip = errors.Explain(SystemQueryOptions.Skip, parser.ParseSkip) ?? 0,
            Count = errors.Explain(SystemQueryOptions.Count, parser.ParseCount) ?? false,
            SkipToken = raw.GetValueOrDefault(SystemQueryOptions.SkipToken),
        };
        QueryLimits.Check(options);
        return options;
    }
}

using System.Data.Common;
using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Query;

/// <summary>Reads what a request and its system query options ask for. Everything is read before anything is written.</summary>
public sealed partial class KeySetReads(KeySetsDbContext context, ILogger<KeySetReads> logger)
{
    /// <summary>The most sets of a page.</summary>
    public const int PageSize = 100;

    // Of what is only referred to.
    private static readonly SelectExpandClause NothingOfSets = new([], allSelected: false);

    /// <summary>Reads a page of sets.</summary>
    /// <exception cref="RefusalException">400, 501: an option that cannot be followed.</exception>
    public Task<PagedCollection<TrustFrameworkKeySet>> ListAsync(HttpContext http)
    {
        HttpRequest request = http.Request;
        QueryOptions options = Options(
            request, KeySetsEdmModel.KeySetType, SystemQueryOptions.Filter, SystemQueryOptions.OrderBy, SystemQueryOptions.Search,
            SystemQueryOptions.Select, SystemQueryOptions.Expand, SystemQueryOptions.Top, SystemQueryOptions.Skip, SystemQueryOptions.Count, SystemQueryOptions.SkipToken);
        int pageSize = Math.Min(PageSize, Preferences.MaxPageSize(http) ?? PageSize);
        return ListAsync(request, options, pageSize, (token, top) => NextLinks.Of(request, token, top));
    }

    /// <summary>Counts sets.</summary>
    /// <exception cref="RefusalException">400, 501: an option that cannot be followed.</exception>
    public Task<long> CountAsync(HttpRequest request)
    {
        QueryOptions options = Options(request, KeySetsEdmModel.KeySetType, SystemQueryOptions.Filter, SystemQueryOptions.Search);
        return Translated(options, () => context.CountAsync(KeySetTranslation.Filters(request.GetModel(), options)));
    }

    /// <summary>Reads a set.</summary>
    /// <exception cref="RefusalException">404: there is none with this id; 400, 501: an option that cannot be followed.</exception>
    public async Task<TrustFrameworkKeySet> FindAsync(HttpRequest request, string id)
    {
        QueryOptions options = Options(
            request, KeySetsEdmModel.KeySetType, IsProperty(request) ? [] : [SystemQueryOptions.Select, SystemQueryOptions.Expand]);
        KeyQuery keys = KeySetTranslation.SelectedKeys(request.GetModel(), options);
        return KeySelection.Cut(await FindAsync(id, keys, options), options.SelectExpand);
    }

    /// <summary>Reads the keys of a set.</summary>
    /// <returns>The set, and those of its keys that are asked for.</returns>
    /// <exception cref="RefusalException">404: there is no set with this id; 400, 501: an option that cannot be followed.</exception>
    public Task<(TrustFrameworkKeySet Set, PagedCollection<TrustFrameworkKey> Keys)> FindKeysAsync(HttpRequest request, string id) =>
        FindKeysAsync(request, id, KeySetsEdmModel.KeyType);

    /// <summary>Reads the keys of a set as entities.</summary>
    /// <returns>The set, and those of its keys that are asked for.</returns>
    /// <exception cref="RefusalException">404: there is no set with this id; 400, 501: an option that cannot be followed.</exception>
    public async Task<(TrustFrameworkKeySet Set, PagedCollection<TrustFrameworkKeyV2> Keys)> FindKeyEntitiesAsync(HttpRequest request, string id)
    {
        (TrustFrameworkKeySet set, PagedCollection<TrustFrameworkKey> keys) = await FindKeysAsync(request, id, KeySetsEdmModel.KeyV2Type);
        return (set, new([.. keys.Select(key => new TrustFrameworkKeyV2(key, set))]) { TotalCount = keys.TotalCount });
    }

    /// <summary>Reads a key of a set as an entity.</summary>
    /// <exception cref="RefusalException">404: there is no set with this id, or no key in it with this kid; 400, 501: an option that cannot be followed.</exception>
    public async Task<TrustFrameworkKeyV2> FindKeyEntityAsync(HttpRequest request, string id, string kid)
    {
        QueryOptions options = Options(request, KeySetsEdmModel.KeyV2Type, SystemQueryOptions.Select);
        TrustFrameworkKeySet set = await FindAsync(id, new KeyQuery(key => key.Kid == kid, []), options);
        return set.Keys is [TrustFrameworkKey key] ? new TrustFrameworkKeyV2(key, set) : throw Refusal.KeyNotFound();
    }

    /// <summary>Reads a set whose active key is asked for, of which $select shows a part.</summary>
    /// <exception cref="RefusalException">404: there is no set with this id; 400, 501: an option that cannot be followed.</exception>
    public Task<TrustFrameworkKeySet> FindForActiveKeyAsync(HttpRequest request, string id) =>
        FindAsync(id, KeyQuery.All, Options(request, KeySetsEdmModel.KeyType, SystemQueryOptions.Select));

    /// <summary>Counts the keys of a set.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The id of the set.</param>
    /// <param name="type">The qualified name of the type that the keys have at this URL.</param>
    /// <exception cref="RefusalException">404: there is no set with this id; 400, 501: an option that cannot be followed.</exception>
    public async Task<long> CountKeysAsync(HttpRequest request, string id, string type = KeySetsEdmModel.KeyType)
    {
        QueryOptions options = Options(request, type, SystemQueryOptions.Filter);
        return (await FindAsync(id, KeySetTranslation.Keys(request.GetModel(), options), options)).Keys.Count;
    }

    /// <summary>Reads the singleton, with a page of its sets where they are to be expanded.</summary>
    /// <exception cref="RefusalException">400, 501: an option that cannot be followed.</exception>
    public async Task<TrustFramework> FindRootAsync(HttpRequest request)
    {
        QueryOptions options = Options(
            request, KeySetsEdmModel.TrustFrameworkType, IsProperty(request) ? [] : [SystemQueryOptions.Select, SystemQueryOptions.Expand]);
        ExpandedReferenceSelectItem[] expands = [.. (options.SelectExpand?.SelectedItems ?? []).OfType<ExpandedReferenceSelectItem>()];
        if (expands.Length == 0)
        {
            return new TrustFramework();
        }

        ExpandedReferenceSelectItem expand = expands.Length == 1 ? expands[0] : throw Refusal.RepeatedQueryOption(SystemQueryOptions.Expand);

        QueryOptions nested = new()
        {
            Filter = expand.FilterOption,
            OrderBy = expand.OrderByOption,
            Search = expand.SearchOption,
            SelectExpand = (expand as ExpandedNavigationSelectItem)?.SelectAndExpand ?? NothingOfSets,
            Top = expand.TopOption,
            Skip = expand.SkipOption ?? 0,
            Count = expand.CountOption ?? false,
            Aliases = options.Aliases,
        };
        return new TrustFramework
        {
            KeySets = await ListAsync(request, nested, PageSize, (token, top) => NextLinks.OfExpanded(request, token, top)),
        };
    }

    /// <remarks>A single value, such as an id, has no options.</remarks>
    private static bool IsProperty(HttpRequest request) => request.ODataFeature().Path.LastSegment is PropertySegment or ValueSegment;

    /// <remarks>The formatter takes from the request what of the answer is to be written.</remarks>
    private static QueryOptions Options(HttpRequest request, string type, params ReadOnlySpan<string> offered)
    {
        QueryOptions options = QueryOptions.Read(request, request.GetModel().FindDeclaredType(type), offered);
        request.ODataFeature().SelectExpandClause = options.SelectExpand;
        return options;
    }

    private async Task<(TrustFrameworkKeySet Set, PagedCollection<TrustFrameworkKey> Keys)> FindKeysAsync(HttpRequest request, string id, string type)
    {
        QueryOptions options = Options(
            request, type, SystemQueryOptions.Filter, SystemQueryOptions.OrderBy, SystemQueryOptions.Select,
            SystemQueryOptions.Top, SystemQueryOptions.Skip, SystemQueryOptions.Count);
        TrustFrameworkKeySet set = await FindAsync(id, KeySetTranslation.Keys(request.GetModel(), options), options);
        return (set, KeySelection.Cut(set.Keys, options.Skip, options.Top, options.Count));
    }

    private async Task<PagedCollection<TrustFrameworkKeySet>> ListAsync(
        HttpRequest request, QueryOptions options, int pageSize, Func<string, long?, Uri> nextLink)
    {
        KeySetQuery query = KeySetTranslation.Page(request.GetModel(), options, pageSize);
        KeySetPage page = await Translated(options, () => context.ReadPageAsync(query));
        long? left = options.Top - page.Sets.Count;
        return new PagedCollection<TrustFrameworkKeySet>([.. page.Sets.Select(set => KeySelection.Cut(set, options.SelectExpand))])
        {
            TotalCount = options.Count ? await Translated(options, () => context.CountAsync(query.Filters)) : null,
            NextLink = page.Last is null || left <= 0 ? null : nextLink(SkipToken.Write(page.Last), left),
        };
    }

    private async Task<TrustFrameworkKeySet> FindAsync(string id, KeyQuery keys, QueryOptions options)
    {
        // Compiled once, for what is asked for most.
        TrustFrameworkKeySet? set = keys is { Filter: null, Orderings: [] }
            ? await context.FindKeySetAsync(id)
            : (await Translated(options, () => context.ReadPageAsync(new KeySetQuery { Filters = [set => set.Id == id], Keys = keys }))).Sets.SingleOrDefault();
        return set ?? throw Refusal.KeySetNotFound();
    }

    /// <remarks>
    /// What passed the rules can be run, as far as the random tests of queries reach; what EF fails at all the same is refused. A query
    /// without expressions of the client has no such excuse, nor has the database itself.
    /// </remarks>
    private async Task<T> Translated<T>(QueryOptions options, Func<Task<T>> query)
    {
        try
        {
            return await query();
        }
        catch (Exception exception) when (options.HasExpressions && exception is not (OperationCanceledException or DbException))
        {
            NotRun(logger, exception.GetType());
            throw Refusal.UnsupportedExpression();
        }
    }

    /// <remarks>The type alone: a message can quote what was sent.</remarks>
    [LoggerMessage(Level = LogLevel.Warning, Message = "A query could not be run: {Type}")]
    private static partial void NotRun(ILogger logger, Type type);
}

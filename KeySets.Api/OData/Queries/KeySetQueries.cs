using System.Linq.Expressions;
using KeySets.Api.Data;
using KeySets.Api.Data.Reading;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.OData.Extensions;

namespace KeySets.Api.OData.Queries;

/// <summary>Reads what a request and its query options ask for, completely before the answer is written.</summary>
public sealed class KeySetQueries(Database database, QueryReads reads)
{
    /// <summary>The most sets of a page.</summary>
    public const int PageSize = 100;

    /// <summary>Reads a page of sets.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxPageSize">The most sets that the client wants on a page; null if it has no preference.</param>
    /// <exception cref="RefusalException">400, 501: a bad or unsupported query option.</exception>
    public async Task<Selected<PagedCollection<TrustFrameworkKeySet>>> ListAsync(HttpRequest request, int? maxPageSize)
    {
        QueryOptions options = QueryOptions.Read(
            request, KeySetsEdmModel.KeySetType,
            SystemQueryOptions.Filter, SystemQueryOptions.OrderBy, SystemQueryOptions.Search, SystemQueryOptions.Select,
            SystemQueryOptions.Expand, SystemQueryOptions.Top, SystemQueryOptions.Skip, SystemQueryOptions.Count,
            SystemQueryOptions.SkipToken);
        int pageSize = Math.Min(PageSize, maxPageSize ?? PageSize);
        return new(
            await ListAsync(request, options, pageSize, (token, top) => NextLinks.Of(request, token, top)),
            options.SelectExpand);
    }

    /// <summary>Reads a page of sets by options that are already parsed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The query options of the sets.</param>
    /// <param name="pageSize">The most sets of the page.</param>
    /// <param name="nextLink">Makes the URL of the next page from its $skiptoken and its $top.</param>
    /// <exception cref="RefusalException">400, 501: a bad or unsupported query option.</exception>
    public async Task<PagedCollection<TrustFrameworkKeySet>> ListAsync(
        HttpRequest request, QueryOptions options, int pageSize, Func<string, long?, Uri> nextLink)
    {
        KeySetQuery query = KeySetTranslation.Page(request.GetModel(), options, pageSize);
        KeySetPage page = query.IsPlain
            ? await database.ReadPageAsync(after: query.After?[0] as string ?? "", query.Take)
            : await ReadAsync(request, options, query);
        long? left = options.Top - page.Sets.Count;
        return new PagedCollection<TrustFrameworkKeySet>(
            [.. page.Sets.Select(set => KeySelection.Apply(set, options.SelectExpand))])
        {
            TotalCount = options.Count ? await CountAsync(request, options, query.Filters) : null,
            NextLink = page.Last is null || left <= 0 ? null : nextLink(SkipToken.Write(page.Last), left),
        };
    }

    /// <summary>Counts sets.</summary>
    /// <exception cref="RefusalException">400, 501: a bad or unsupported query option.</exception>
    public Task<long> CountAsync(HttpRequest request) => CountAsync(request, QueryOptions.Read(
        request, KeySetsEdmModel.KeySetType, SystemQueryOptions.Filter, SystemQueryOptions.Search));

    /// <summary>Counts sets by options that are already parsed.</summary>
    /// <exception cref="RefusalException">501: an unsupported expression.</exception>
    public Task<long> CountAsync(HttpRequest request, QueryOptions options) =>
        CountAsync(request, options, KeySetTranslation.Filters(request.GetModel(), options));

    /// <summary>Reads a set.</summary>
    /// <exception cref="RefusalException">404: no such set; 400, 501: a bad or unsupported query option.</exception>
    public async Task<Selected<TrustFrameworkKeySet>> FindAsync(HttpRequest request, string id)
    {
        QueryOptions options = QueryOptions.Read(
            request, KeySetsEdmModel.KeySetType, SystemQueryOptions.Select, SystemQueryOptions.Expand);
        TrustFrameworkKeySet set = await FindAsync(
            request,
            id,
            KeySetTranslation.SelectedKeys(request.GetModel(), options),
            KeySetTranslation.SelectedEntities(request.GetModel(), options),
            options);
        return new(KeySelection.Apply(set, options.SelectExpand), options.SelectExpand);
    }

    /// <summary>Reads a set to show one of its properties. The request must not have query options.</summary>
    /// <exception cref="RefusalException">404: no such set; 400: the request has a query option.</exception>
    public Task<TrustFrameworkKeySet> FindForPropertyAsync(HttpRequest request, string id) =>
        FindAsync(
            request, id, KeyQuery.All, entities: null, QueryOptions.Read(request, KeySetsEdmModel.KeySetType));

    /// <summary>Reads the keys of a set.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The id of the set.</param>
    /// <param name="type">The qualified name of the type that the keys have at this URL.</param>
    /// <returns>The set, and the keys that the request asks for.</returns>
    /// <exception cref="RefusalException">404: no such set; 400, 501: a bad or unsupported query option.</exception>
    public async Task<(TrustFrameworkKeySet Set, Selected<PagedCollection<TrustFrameworkKey>> Keys)> FindKeysAsync(
        HttpRequest request, string id, string type)
    {
        QueryOptions options = QueryOptions.Read(
            request, type,
            SystemQueryOptions.Filter, SystemQueryOptions.OrderBy, SystemQueryOptions.Select, SystemQueryOptions.Top,
            SystemQueryOptions.Skip, SystemQueryOptions.Count, SystemQueryOptions.Search);
        KeyQuery keys = KeySetTranslation.Keys(request.GetModel(), options);
        TrustFrameworkKeySet set = await FindAsync(request, id, keys, entities: null, options);
        return (set, new(KeySelection.Page(set.Keys, options.Skip, options.Top, options.Count), options.SelectExpand));
    }

    /// <summary>Reads a key of a set as an entity.</summary>
    /// <exception cref="RefusalException">
    /// 404: no such set or key; 400, 501: a bad or unsupported query option.
    /// </exception>
    public async Task<Selected<TrustFrameworkKeyV2>> FindKeyEntityAsync(HttpRequest request, string id, string kid)
    {
        QueryOptions options = QueryOptions.Read(request, KeySetsEdmModel.KeyV2Type, SystemQueryOptions.Select);
        return new(await FindKeyAsync(request, id, kid, options), options.SelectExpand);
    }

    /// <summary>Reads a key to show one of its properties. The request must not have query options.</summary>
    /// <exception cref="RefusalException">404: no such set or key; 400: the request has a query option.</exception>
    public Task<TrustFrameworkKeyV2> FindKeyForPropertyAsync(HttpRequest request, string id, string kid) =>
        FindKeyAsync(request, id, kid, QueryOptions.Read(request, KeySetsEdmModel.KeyV2Type));

    /// <summary>Reads a set to find its active key. The $select of the request is about that key.</summary>
    /// <exception cref="RefusalException">404: no such set; 400, 501: a bad or unsupported query option.</exception>
    public async Task<Selected<TrustFrameworkKeySet>> FindForActiveKeyAsync(HttpRequest request, string id)
    {
        QueryOptions options = QueryOptions.Read(request, KeySetsEdmModel.KeyType, SystemQueryOptions.Select);
        return new(await FindAsync(request, id, KeyQuery.All, entities: null, options), options.SelectExpand);
    }

    /// <summary>Counts the keys of a set.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The id of the set.</param>
    /// <param name="type">The qualified name of the type that the keys have at this URL.</param>
    /// <exception cref="RefusalException">404: no such set; 400, 501: a bad or unsupported query option.</exception>
    public async Task<long> CountKeysAsync(HttpRequest request, string id, string type)
    {
        QueryOptions options = QueryOptions.Read(request, type, SystemQueryOptions.Filter, SystemQueryOptions.Search);
        KeyQuery keys = KeySetTranslation.Keys(request.GetModel(), options);
        return (await FindAsync(request, id, keys, entities: null, options)).Keys.Count;
    }

    private async Task<TrustFrameworkKeyV2> FindKeyAsync(
        HttpRequest request, string id, string kid, QueryOptions options)
    {
        TrustFrameworkKeySet set =
            await FindAsync(request, id, new KeyQuery([key => key.Kid == kid], []), entities: null, options);
        return set.Keys is [TrustFrameworkKey key] ? new TrustFrameworkKeyV2(key, set) : throw Refusal.KeyNotFound();
    }

    private async Task<TrustFrameworkKeySet> FindAsync(
        HttpRequest request, string id, KeyQuery keys, KeyQuery? entities, QueryOptions options)
    {
        TrustFrameworkKeySet? set = keys.IsAll && entities is null
            ? await database.FindKeySetAsync(id)
            : (await ReadAsync(request, options, One(id, keys, entities))).Sets.SingleOrDefault();
        return set ?? throw Refusal.KeySetNotFound();
    }

    private static KeySetQuery One(string id, KeyQuery keys, KeyQuery? entities) =>
        new() { Filters = [set => set.Id == id], Keys = keys, Entities = entities };

    private Task<KeySetPage> ReadAsync(HttpRequest request, QueryOptions options, KeySetQuery query) =>
        reads.RunAsync(request, options, (context, aborted) => context.ReadPageAsync(query, aborted));

    private Task<long> CountAsync(
        HttpRequest request,
        QueryOptions options,
        IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> filters) =>
        reads.RunAsync(request, options, (context, aborted) => context.CountAsync(filters, aborted));
}

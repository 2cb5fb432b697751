using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>Reads the singleton. Its key sets come from <see cref="KeySetQueries"/>.</summary>
public sealed class TrustFrameworkQueries(KeySetQueries queries)
{
    // A reference shows no properties of its set.
    private static readonly SelectExpandClause NoProperties = new([], allSelected: false);

    /// <summary>Reads the singleton, with a page of its sets if $expand asks for them.</summary>
    /// <exception cref="RefusalException">400, 501: a bad or unsupported query option.</exception>
    public async Task<Selected<TrustFramework>> FindAsync(HttpRequest request)
    {
        QueryOptions options = QueryOptions.Read(
            request, KeySetsEdmModel.TrustFrameworkType, SystemQueryOptions.Select, SystemQueryOptions.Expand);
        ExpandedReferenceSelectItem[] expands =
            [.. (options.SelectExpand?.SelectedItems ?? []).OfType<ExpandedReferenceSelectItem>()];
        return expands switch
        {
            [] => new(new TrustFramework(), options.SelectExpand),
            [ExpandedCountSelectItem expand] => new(
                new TrustFramework { KeySets = await CountAsync(request, expand) }, options.SelectExpand),
            [ExpandedReferenceSelectItem expand] => new(
                new TrustFramework { KeySets = await ListAsync(request, expand) },
                options.SelectExpand),
            _ => throw Refusal.RepeatedQueryOption(SystemQueryOptions.Expand),
        };
    }

    /// <summary>Reads the singleton to show one of its properties. The request must not have query options.</summary>
    /// <exception cref="RefusalException">400: the request has a query option.</exception>
    public static TrustFramework FindForProperty(HttpRequest request)
    {
        QueryOptions.Read(request, KeySetsEdmModel.TrustFrameworkType);
        return new TrustFramework();
    }

    private async Task<PagedCollection<TrustFrameworkKeySet>> CountAsync(
        HttpRequest request, ExpandedCountSelectItem expand)
    {
        QueryOptions options = new() { Filter = expand.FilterOption, Search = expand.SearchOption };
        return new([]) { TotalCount = await queries.CountAsync(request, options) };
    }

    private Task<PagedCollection<TrustFrameworkKeySet>> ListAsync(
        HttpRequest request, ExpandedReferenceSelectItem expand)
    {
        QueryOptions options = new()
        {
            Filter = expand.FilterOption,
            OrderBy = expand.OrderByOption,
            Search = expand.SearchOption,
            SelectExpand = (expand as ExpandedNavigationSelectItem)?.SelectAndExpand ?? NoProperties,
            Top = expand.TopOption,
            Skip = expand.SkipOption ?? 0,
            Count = expand.CountOption ?? false,
        };
        return queries.ListAsync(
            request, options, KeySetQueries.PageSize, (token, top) => NextLinks.OfExpanded(request, token, top));
    }
}

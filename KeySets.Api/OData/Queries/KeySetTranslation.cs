using System.Linq.Expressions;
using KeySets.Api.Data.Reading;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>Translates the query options of a request into a query for the database.</summary>
public static class KeySetTranslation
{
    /// <summary>The conditions of $filter and $search.</summary>
    /// <exception cref="RefusalException">501: an expression is not supported.</exception>
    public static IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> Filters(
        IEdmModel model, QueryOptions options) => All(
            new QueryExpressions(model).Filter<TrustFrameworkKeySet>(options.Filter, SystemQueryOptions.Filter),
            SearchExpressions.OfSets(options.Search));

    /// <summary>A page of sets.</summary>
    /// <exception cref="RefusalException">400: a bad token; 501: an expression is not supported.</exception>
    public static KeySetQuery Page(IEdmModel model, QueryOptions options, int pageSize)
    {
        IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings = KeySetReads.WithId(
            new QueryExpressions(model).Orderings<TrustFrameworkKeySet>(options.OrderBy, SystemQueryOptions.OrderBy));
        return new KeySetQuery
        {
            Filters = Filters(model, options),
            Orderings = orderings,
            After = SkipToken.Read(options.SkipToken, orderings),
            Skip = (int)Math.Min(options.Skip, int.MaxValue),
            Take = (int)Math.Min(options.Top ?? pageSize, pageSize),
            Keys = KeySelection.ShowsKeys(options.SelectExpand) ? SelectedKeys(model, options) : null,
            Entities = SelectedEntities(model, options),
        };
    }

    /// <summary>The keys inside each set: those of <c>$select=keys($filter=…;$orderby=…)</c>.</summary>
    /// <exception cref="RefusalException">501: an expression is not supported.</exception>
    public static KeyQuery SelectedKeys(IEdmModel model, QueryOptions options) =>
        KeySelection.Of(options.SelectExpand) is { } item
            ? Keys(model, item.FilterOption, item.OrderByOption, item.SearchOption, SystemQueryOptions.Select)
            : KeyQuery.All;

    /// <summary>
    /// The keys of each set as entities: those of <c>$expand=keys_v2($filter=…;$orderby=…)</c>; null for all of them in
    /// their order.
    /// </summary>
    /// <exception cref="RefusalException">501: an expression is not supported.</exception>
    public static KeyQuery? SelectedEntities(IEdmModel model, QueryOptions options) =>
        KeySelection.EntitiesOf(options.SelectExpand) is { } item
        && Keys(model, item.FilterOption, item.OrderByOption, item.SearchOption, SystemQueryOptions.Expand)
            is { IsAll: false } query
            ? query
            : null;

    /// <summary>The keys of a request for keys.</summary>
    /// <exception cref="RefusalException">501: an expression is not supported.</exception>
    public static KeyQuery Keys(IEdmModel model, QueryOptions options) =>
        Keys(model, options.Filter, options.OrderBy, options.Search, SystemQueryOptions.Filter);

    private static KeyQuery Keys(
        IEdmModel model, FilterClause? filter, OrderByClause? orderBy, SearchClause? search, string target)
    {
        if (filter is null && orderBy is null && search is null)
        {
            return KeyQuery.All;
        }

        QueryExpressions expressions = new(model);
        return new KeyQuery(
            All(expressions.Filter<TrustFrameworkKey>(filter, target), SearchExpressions.OfKeys(search)),
            expressions.Orderings<TrustFrameworkKey>(orderBy, target));
    }

    private static Expression<Func<T, bool>>[] All<T>(params Expression<Func<T, bool>>?[] conditions) =>
        [.. conditions.OfType<Expression<Func<T, bool>>>()];
}

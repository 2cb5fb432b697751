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
        IEdmModel model, QueryOptions options)
    {
        QueryExpressions expressions = new(model, options.Aliases);
        return
        [
            .. ((Expression<Func<TrustFrameworkKeySet, bool>>?[])
            [
                expressions.Filter<TrustFrameworkKeySet>(options.Filter, SystemQueryOptions.Filter),
                SearchExpressions.Search(options.Search),
            ]).OfType<Expression<Func<TrustFrameworkKeySet, bool>>>(),
        ];
    }

    /// <summary>A page of sets.</summary>
    /// <exception cref="RefusalException">400: a bad token; 501: an expression is not supported.</exception>
    public static KeySetQuery Page(IEdmModel model, QueryOptions options, int pageSize)
    {
        IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings = KeySetReads.WithId(
            new QueryExpressions(model, options.Aliases)
                .Orderings<TrustFrameworkKeySet>(options.OrderBy, SystemQueryOptions.OrderBy));
        return new KeySetQuery
        {
            Filters = Filters(model, options),
            Orderings = orderings,
            After = SkipToken.Read(options.SkipToken, orderings),
            Skip = (int)Math.Min(options.Skip, int.MaxValue),
            Take = (int)Math.Min(options.Top ?? pageSize, pageSize),
            Keys = KeySelection.ShowsKeys(options.SelectExpand) ? SelectedKeys(model, options) : null,
        };
    }

    /// <summary>The keys inside each set: those of <c>$select=keys($filter=…;$orderby=…)</c>.</summary>
    /// <exception cref="RefusalException">501: an expression is not supported.</exception>
    public static KeyQuery SelectedKeys(IEdmModel model, QueryOptions options) =>
        KeySelection.Of(options.SelectExpand) is { } item
            ? Keys(model, item.FilterOption, item.OrderByOption, options.Aliases, SystemQueryOptions.Select)
            : KeyQuery.All;

    /// <summary>The keys of a request for keys.</summary>
    /// <exception cref="RefusalException">501: an expression is not supported.</exception>
    public static KeyQuery Keys(IEdmModel model, QueryOptions options) =>
        Keys(model, options.Filter, options.OrderBy, options.Aliases, SystemQueryOptions.Filter);

    private static KeyQuery Keys(
        IEdmModel model, FilterClause? filter, OrderByClause? orderBy, QueryAliases aliases, string target)
    {
        QueryExpressions expressions = new(model, aliases);
        return new KeyQuery(
            expressions.Filter<TrustFrameworkKey>(filter, target),
            expressions.Orderings<TrustFrameworkKey>(orderBy, target));
    }
}

using System.Linq.Expressions;
using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.OData;
using Microsoft.OData.Edm;

namespace KeySets.Api.OData.Query;

/// <summary>Says in the words of the database what the options of a request ask for.</summary>
public static class KeySetTranslation
{
    /// <summary>The conditions of $filter and $search.</summary>
    /// <exception cref="RefusalException">501: an expression that cannot be followed.</exception>
    public static IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> Filters(IEdmModel model, QueryOptions options) => Translate(SystemQueryOptions.Filter, () =>
        new[] { new QueryExpressions(model, options.Aliases).Filter<TrustFrameworkKeySet>(options.Filter), SearchExpressions.Search(options.Search) }
            .OfType<Expression<Func<TrustFrameworkKeySet, bool>>>().ToArray());

    /// <summary>A page of sets.</summary>
    /// <exception cref="RefusalException">400: a bad token; 501: an expression that cannot be followed.</exception>
    public static KeySetQuery Page(IEdmModel model, QueryOptions options, int pageSize)
    {
        IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings = Translate(SystemQueryOptions.OrderBy, () =>
            KeySetQueries.WithId(new QueryExpressions(model, options.Aliases).Orderings<TrustFrameworkKeySet>(options.OrderBy)));
        return new KeySetQuery
        {
            Filters = Filters(model, options),
            Orderings = orderings,
            After = SkipToken.Read(options.SkipToken, orderings),
            Skip = (int)Math.Min(options.Skip, int.MaxValue),
            Take = (int)Math.Min(options.Top ?? pageSize, pageSize),
            Keys = KeySelection.IsMade(options.SelectExpand) ? SelectedKeys(model, options) : null,
        };
    }

    /// <summary>The keys within each set: those of <c>$select=keys($filter=…;$orderby=…)</c>.</summary>
    /// <exception cref="RefusalException">501: an expression that cannot be followed.</exception>
    public static KeyQuery SelectedKeys(IEdmModel model, QueryOptions options) =>
        KeySelection.Of(options.SelectExpand) is { } item
            ? Keys(model, options with { Filter = item.FilterOption, OrderBy = item.OrderByOption }, SystemQueryOptions.Select)
            : KeyQuery.All;

    /// <summary>The keys of a request for keys.</summary>
    /// <exception cref="RefusalException">501: an expression that cannot be followed.</exception>
    public static KeyQuery Keys(IEdmModel model, QueryOptions options, string target = SystemQueryOptions.Filter) => Translate(target, () =>
    {
        QueryExpressions expressions = new(model, options.Aliases);
        return new KeyQuery(expressions.Filter<TrustFrameworkKey>(options.Filter), expressions.Orderings<TrustFrameworkKey>(options.OrderBy));
    });

    /// <remarks>The library parses more than it can bind, and says so in many ways.</remarks>
    private static T Translate<T>(string target, Func<T> translate)
    {
        try
        {
            return translate();
        }
        catch (Exception exception) when (exception
            is ODataException or ArgumentException or InvalidOperationException or NotImplementedException or NotSupportedException or KeyNotFoundException)
        {
            throw Refusal.UnsupportedExpression(target);
        }
    }
}

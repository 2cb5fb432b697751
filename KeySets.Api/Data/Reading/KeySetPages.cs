using System.Linq.Expressions;
using KeySets.Model;

namespace KeySets.Api.Data.Reading;

/// <summary>Makes the statement that reads a page of sets.</summary>
public static class KeySetPages
{
    /// <summary>The sets of a page, and one more if there are more.</summary>
    public static IQueryable<KeySetRow> Select(KeySetsDbContext context, KeySetQuery query)
    {
        IQueryable<TrustFrameworkKeySet> page = Ids(context, query) is { } ids
            ? Ordered(context.Set<TrustFrameworkKeySet>().Where(set => ids.Contains(set.Id)), query.Orderings)
            : Limited(Ordered(Following(context, query), query.Orderings), query);
        return page.Select(Row(query));
    }

    /// <summary>The sets that fulfil all conditions.</summary>
    public static IQueryable<TrustFrameworkKeySet> Filtered(
        KeySetsDbContext context, IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> filters) =>
        filters.Aggregate(
            (IQueryable<TrustFrameworkKeySet>)context.Set<TrustFrameworkKeySet>(),
            (sets, filter) => sets.Where(KidLookup.ByIndex(context, filter)));

    /// <remarks>
    /// A page in the order of the ids is read from the index of ids, or of kids. Any other order the database computes
    /// for each set that fulfils the conditions: of these it needs no other values until the page is known.
    /// </remarks>
    private static IQueryable<string>? Ids(KeySetsDbContext context, KeySetQuery query)
    {
        if (query.Orderings is not [Ordering<TrustFrameworkKeySet> byId])
        {
            return Limited(Ordered(Following(context, query), query.Orderings).Select(set => set.Id), query);
        }

        if (KidLookup.Ids(context, query.Filters) is not { } ids)
        {
            return null;
        }

        Ordering<string> order = new(id => id, byId.Descending);
        IQueryable<string> following =
            query.After is null ? ids : ids.Where(SeekPagination.After([order], query.After));
        return Limited(byId.Descending ? following.OrderDescending() : following.Order(), query);
    }

    // One set more than the page holds tells whether there are more.
    private static IQueryable<T> Limited<T>(IQueryable<T> all, KeySetQuery query) => Counted(
        nameof(Queryable.Take), Counted(nameof(Queryable.Skip), all, query.Skip), query.Take + 1);

    /// <remarks>
    /// Within a subquery EF Core makes a part of the query of a number, and compiles a query for each number.
    /// </remarks>
    private static IQueryable<T> Counted<T>(string method, IQueryable<T> all, int number) =>
        all.Provider.CreateQuery<T>(Expression.Call(
            typeof(Queryable), method, [typeof(T)], all.Expression, SeekPagination.Parameter(number, typeof(int))));

    /// <remarks>
    /// What comes after the last page stands before the conditions: of two lower bounds of an id, a database may begin
    /// at the first one, and that of the conditions is where the first page began.
    /// </remarks>
    private static IQueryable<TrustFrameworkKeySet> Following(KeySetsDbContext context, KeySetQuery query) => Filtered(
        context,
        query.After is null
            ? query.Filters
            : [SeekPagination.After(query.Orderings, query.After), .. query.Filters]);

    private static IOrderedQueryable<TrustFrameworkKeySet> Ordered(
        IQueryable<TrustFrameworkKeySet> sets, IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings)
    {
        IOrderedQueryable<TrustFrameworkKeySet> ordered =
            orderings[0].Descending ? sets.OrderByDescending(orderings[0].By) : sets.OrderBy(orderings[0].By);
        foreach (Ordering<TrustFrameworkKeySet> ordering in orderings.Skip(1))
        {
            ordered = ordering.Descending ? ordered.ThenByDescending(ordering.By) : ordered.ThenBy(ordering.By);
        }

        return ordered;
    }

    private static Expression<Func<TrustFrameworkKeySet, KeySetRow>> Row(KeySetQuery query)
    {
        ParameterExpression set = Expression.Parameter(typeof(TrustFrameworkKeySet));
        Expression values = Expression.NewArrayInit(
            typeof(object),
            query.Orderings.Select(ordering =>
                Expression.Convert(SeekPagination.ValueOf(ordering, set), typeof(object))));
        return Expression.Lambda<Func<TrustFrameworkKeySet, KeySetRow>>(
            Expression.New(
                typeof(KeySetRow).GetConstructors().Single(),
                Expression.Property(set, nameof(TrustFrameworkKeySet.Id)),
                Expression.Property(set, nameof(TrustFrameworkKeySet.Revision)),
                values,
                query.Keys is null || query.Entities is not null
                    ? Expression.Constant(null, typeof(IEnumerable<TrustFrameworkKey>))
                    : KeyRows.Of(set, query.Keys),
                query.Entities is null
                    ? Expression.Constant(null, typeof(IEnumerable<KeyRow>))
                    : KeyRows.OfEntities(set, query.Entities)),
            set);
    }
}

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
            ? SeekPagination.Ordered(
                context.Set<TrustFrameworkKeySet>().Where(set => ids.Contains(set.Id)), query.Orderings)
            : Limited(SeekPagination.Ordered(Following(context, query), query.Orderings), query);
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
            return Limited(
                SeekPagination.Ordered(Following(context, query), query.Orderings).Select(set => set.Id), query);
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

    private static IQueryable<T> Limited<T>(IQueryable<T> all, KeySetQuery query) =>
        SeekPagination.Limited(all, query.Skip, query.Take);

    /// <remarks>
    /// What comes after the last page stands before the conditions: of two lower bounds of an id, a database may begin
    /// at the first one, and that of the conditions is where the first page began.
    /// </remarks>
    private static IQueryable<TrustFrameworkKeySet> Following(KeySetsDbContext context, KeySetQuery query) => Filtered(
        context,
        query.After is null
            ? query.Filters
            : [SeekPagination.After(query.Orderings, query.After), .. query.Filters]);

    private static Expression<Func<TrustFrameworkKeySet, KeySetRow>> Row(KeySetQuery query)
    {
        ParameterExpression set = Expression.Parameter(typeof(TrustFrameworkKeySet));
        return Expression.Lambda<Func<TrustFrameworkKeySet, KeySetRow>>(
            Expression.New(
                typeof(KeySetRow).GetConstructors().Single(),
                Expression.Property(set, nameof(TrustFrameworkKeySet.Id)),
                Expression.Property(set, nameof(TrustFrameworkKeySet.Revision)),
                SeekPagination.ValuesOf(query.Orderings, set),
                query.Keys is null || query.Entities is not null
                    ? Expression.Constant(null, typeof(IEnumerable<TrustFrameworkKey>))
                    : KeyRows.Of(set, query.Keys),
                query.Entities is null
                    ? Expression.Constant(null, typeof(IEnumerable<KeyRow>))
                    : KeyRows.OfEntities(set, query.Entities)),
            set);
    }
}

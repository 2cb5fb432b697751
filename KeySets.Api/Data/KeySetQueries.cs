using System.Linq.Expressions;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data;

/// <summary>Reads key sets as queries ask for them. A page is one statement: the database filters, orders and cuts it.</summary>
public static class KeySetQueries
{
    /// <summary>How many characters the sets of a page can have before it ends. Sets are small; a hundred of the largest would be 100 MiB.</summary>
    private const long MostCharacters = 4 * 1024 * 1024;

    private static readonly Ordering<TrustFrameworkKeySet> ById = new(set => set.Id);
    private static readonly Ordering<TrustFrameworkKey> ByOrdinal = new(key => EF.Property<int>(key, KeySetsDbContext.Ordinal));

    /// <summary>Orderings of which the last is by id, so that no two sets are alike; none comes after it.</summary>
    public static IReadOnlyList<Ordering<TrustFrameworkKeySet>> WithId(IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings)
    {
        Ordering<TrustFrameworkKeySet>[] others = [.. orderings.TakeWhile(ordering => !Keyset.IsBy(ordering, nameof(TrustFrameworkKeySet.Id)))];
        return [.. others, orderings.Skip(others.Length).FirstOrDefault(ById)];
    }

    /// <summary>Reads a page. It ends before the next set where it would be very long.</summary>
    public static async Task<KeySetPage> ReadPageAsync(this KeySetsDbContext context, KeySetQuery query)
    {
        IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings = query.Orderings;
        IQueryable<TrustFrameworkKeySet> sets = Filtered(context, query.Filters);
        if (query.After is not null)
        {
            sets = sets.Where(Keyset.After(orderings, query.After));
        }

        // One more than the page holds tells whether there are more.
        IQueryable<TrustFrameworkKeySet> page = Ordered(sets, orderings).Skip(query.Skip).Take(query.Take + 1).AsNoTracking();
        page = query.Keys is null ? page : page.Include(KeysOf(query.Keys));
        List<KeySetRow> rows = [];
        long characters = 0;
        await foreach (KeySetRow row in page.Select(Keyset.WithValues(orderings)).AsAsyncEnumerable())
        {
            if (rows.Count == query.Take || characters > MostCharacters)
            {
                return new KeySetPage([.. rows.Select(read => read.Set)], rows.LastOrDefault()?.Values);
            }

            rows.Add(row);
            characters += row.Set.Keys.Sum(KeySetRules.CharactersOf);
        }

        return new KeySetPage([.. rows.Select(read => read.Set)], Last: null);
    }

    /// <summary>Counts the sets for which all conditions hold.</summary>
    public static Task<long> CountAsync(this KeySetsDbContext context, IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> filters) =>
        Filtered(context, filters).LongCountAsync();

    /// <summary>A value that is sent to the database as it is, and that nothing is computed with before.</summary>
    public static Expression AsParameter(Expression value) => Expression.Call(typeof(EF), nameof(EF.Parameter), [value.Type], value);

    private static IQueryable<TrustFrameworkKeySet> Filtered(
        KeySetsDbContext context, IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> filters) =>
        filters.Aggregate((IQueryable<TrustFrameworkKeySet>)context.Set<TrustFrameworkKeySet>(), Queryable.Where);

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

    /// <remarks>EF takes the lambda apart, so the calls must stand in it as they are.</remarks>
    private static Expression<Func<TrustFrameworkKeySet, IEnumerable<TrustFrameworkKey>>> KeysOf(KeyQuery query)
    {
        Expression<Func<TrustFrameworkKeySet, IEnumerable<TrustFrameworkKey>>> all = set => set.Keys;
        Expression keys = all.Body;
        if (query.Filter is not null)
        {
            keys = Call(nameof(Enumerable.Where), [typeof(TrustFrameworkKey)], keys, query.Filter);
        }

        string method = nameof(Enumerable.OrderBy);
        foreach (Ordering<TrustFrameworkKey> ordering in query.Orderings.Append(ByOrdinal))
        {
            string name = ordering.Descending ? $"{method}Descending" : method;
            keys = Call(name, [typeof(TrustFrameworkKey), typeof(object)], keys, ordering.By);
            method = nameof(Enumerable.ThenBy);
        }

        return Expression.Lambda<Func<TrustFrameworkKeySet, IEnumerable<TrustFrameworkKey>>>(keys, all.Parameters);
    }

    private static MethodCallExpression Call(string method, Type[] types, Expression source, Expression lambda) =>
        Expression.Call(typeof(Enumerable), method, types, source, lambda);
}

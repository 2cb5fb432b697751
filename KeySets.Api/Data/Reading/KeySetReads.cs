using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KeySets.Api.Data.Reading;

/// <summary>Reads key sets. A page is one statement: the database filters, orders and limits it.</summary>
public static class KeySetReads
{
    // A page ends early when its sets have this many characters: a hundred of the largest sets would be 100 MiB.
    private const long MostCharacters = 4 * 1024 * 1024;

    private static readonly Ordering<TrustFrameworkKeySet> ById = new(set => set.Id);
    private static readonly Ordering<TrustFrameworkKey> ByOrdinal =
        new(key => EF.Property<int>(key, KeySetsDbContext.Ordinal));

    // The embedded database counts all rows of a table by one instruction, which nothing can end. A condition that
    // always holds makes it count them one by one.
    private static readonly Expression<Func<TrustFrameworkKeySet, bool>>[] EachSet = [set => set.Id != ""];

    // Compiled, since most requests run it. EF Core ties a compiled query to one model, and each database has its own.
    private static readonly ConditionalWeakTable<IModel, FindQuery> FindQueries = [];

    private delegate Task<TrustFrameworkKeySet?> FindQuery(
        KeySetsDbContext context, string id, CancellationToken cancellationToken);

    /// <summary>
    /// Completes orderings so that the last is by id: no two sets are equal then. Drops orderings behind an id.
    /// </summary>
    public static IReadOnlyList<Ordering<TrustFrameworkKeySet>> WithId(
        IReadOnlyList<Ordering<TrustFrameworkKeySet>> orderings)
    {
        Ordering<TrustFrameworkKeySet>[] others =
            [.. orderings.TakeWhile(ordering => !SeekPagination.IsBy(ordering, nameof(TrustFrameworkKeySet.Id)))];
        return [.. others, orderings.Skip(others.Length).FirstOrDefault(ById)];
    }

    /// <summary>
    /// Reads a key set with its keys in order, without private members; null if there is none with this id.
    /// </summary>
    public static Task<TrustFrameworkKeySet?> FindKeySetAsync(
        this KeySetsDbContext context, string id, CancellationToken cancellationToken = default) =>
        FindQueries.GetValue(context.Model, CompileFindQuery)(context, id, cancellationToken);

    /// <summary>Reads a page.</summary>
    /// <exception cref="UntranslatableQueryException">EF Core cannot translate an expression of the query.</exception>
    public static async Task<KeySetPage> ReadPageAsync(
        this KeySetsDbContext context, KeySetQuery query, CancellationToken cancellationToken)
    {
        // One set more than the page holds tells whether there are more.
        IQueryable<KeySetRow> page = Sets(context, query)
            .Skip(query.Skip)
            .Take(query.Take + 1)
            .Select(SeekPagination.WithValues(
                query.Orderings, query.Entities is null ? null : RowsOf(query.Entities)));
        List<KeySetRow> rows = [];
        long characters = 0;
        await using IAsyncEnumerator<KeySetRow> next =
            Translated(() => page.AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken));
        while (await next.MoveNextAsync())
        {
            if (rows.Count == query.Take || characters > MostCharacters)
            {
                return new KeySetPage([.. rows.Select(row => row.Set)], rows.LastOrDefault()?.Values);
            }

            rows.Add(next.Current);
            characters += next.Current.Set.Keys.Sum(key => key.CountPublicCharacters());
        }

        return new KeySetPage([.. rows.Select(row => row.Set)], Last: null);
    }

    /// <summary>Counts the sets that fulfil all conditions.</summary>
    /// <exception cref="UntranslatableQueryException">EF Core cannot translate a condition.</exception>
    public static async Task<long> CountAsync(
        this KeySetsDbContext context,
        IReadOnlyList<Expression<Func<TrustFrameworkKeySet, bool>>> filters,
        CancellationToken cancellationToken) =>
        await Translated(() =>
            Filtered(context, filters.Count > 0 ? filters : EachSet).LongCountAsync(cancellationToken));

    /// <summary>
    /// Makes the database compute with a value: EF Core sends it as a parameter and does not evaluate it.
    /// </summary>
    public static Expression AsParameter(Expression value) =>
        Expression.Call(typeof(EF), nameof(EF.Parameter), [value.Type], value);

    private static FindQuery CompileFindQuery(IModel model) => new(EF.CompileAsyncQuery(
        (KeySetsDbContext context, string id, CancellationToken cancellationToken) =>
            context.Set<TrustFrameworkKeySet>()
            .AsNoTracking()
            .Include(set => set.Keys.OrderBy(key => EF.Property<int>(key, KeySetsDbContext.Ordinal)))
            .SingleOrDefault(set => set.Id == id)));

    /// <remarks>
    /// EF Core translates a query synchronously, before it opens the connection, and runs it afterwards.
    /// </remarks>
    private static T Translated<T>(Func<T> start)
    {
        try
        {
            return start();
        }
        catch (InvalidOperationException exception)
        {
            throw new UntranslatableQueryException(exception);
        }
    }

    private static IQueryable<TrustFrameworkKeySet> Sets(KeySetsDbContext context, KeySetQuery query)
    {
        IQueryable<TrustFrameworkKeySet> sets = Filtered(context, query.Filters);
        if (query.After is not null)
        {
            sets = sets.Where(SeekPagination.After(query.Orderings, query.After));
        }

        IQueryable<TrustFrameworkKeySet> ordered = Ordered(sets, query.Orderings).AsNoTracking();
        return query.Keys is null || query.Entities is not null ? ordered : ordered.Include(KeysOf(query.Keys));
    }

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

    /// <remarks>EF Core reads the calls out of the lambda, so they are built as expressions.</remarks>
    private static Expression<Func<TrustFrameworkKeySet, IEnumerable<TrustFrameworkKey>>> KeysOf(KeyQuery query)
    {
        Expression<Func<TrustFrameworkKeySet, IEnumerable<TrustFrameworkKey>>> all = set => set.Keys;
        Expression keys = all.Body;
        foreach (Expression<Func<TrustFrameworkKey, bool>> filter in query.Filters)
        {
            keys = Call(nameof(Enumerable.Where), [typeof(TrustFrameworkKey)], keys, filter);
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

    /// <remarks>All keys come, once: a join of all keys with the entities would multiply their numbers.</remarks>
    private static Expression<Func<TrustFrameworkKeySet, IEnumerable<KeyRow>>> RowsOf(KeyQuery entities)
    {
        Expression<Func<TrustFrameworkKeySet, IEnumerable<TrustFrameworkKey>>> keys =
            KeysOf(entities with { Filters = [] });
        ParameterExpression key = Expression.Parameter(typeof(TrustFrameworkKey));
        Expression<Func<TrustFrameworkKey, int>> ordinal = key => EF.Property<int>(key, KeySetsDbContext.Ordinal);
        // The condition starts with one that always holds: EF Core would turn CASE WHEN NOT a THEN 1 ELSE 0 around, and
        // take a key for which a is null.
        Expression isEntity = entities.Filters
            .Select(filter => (Expression)Expression.Invoke(filter, key))
            .Prepend(Expression.GreaterThanOrEqual(Expression.Invoke(ordinal, key), Expression.Constant(0)))
            .Aggregate(Expression.AndAlso);
        LambdaExpression row = Expression.Lambda(
            Expression.New(
                typeof(KeyRow).GetConstructors().Single(),
                key,
                Expression.Invoke(ordinal, key),
                Expression.Condition(isEntity, Expression.Constant(1), Expression.Constant(0))),
            key);
        return Expression.Lambda<Func<TrustFrameworkKeySet, IEnumerable<KeyRow>>>(
            Call(nameof(Enumerable.Select), [typeof(TrustFrameworkKey), typeof(KeyRow)], keys.Body, row),
            keys.Parameters);
    }

    private static MethodCallExpression Call(string method, Type[] types, Expression source, Expression lambda) =>
        Expression.Call(typeof(Enumerable), method, types, source, lambda);
}

using System.Linq.Expressions;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Reading;

/// <summary>Reads key sets. A page is one statement: the database filters, orders and limits it.</summary>
public static class KeySetReads
{
    private static readonly Ordering<TrustFrameworkKeySet> ById = new(set => set.Id);

    // The embedded database counts all rows of a table by one instruction, which nothing can end. A condition that
    // always holds makes it count them one by one.
    private static readonly Expression<Func<TrustFrameworkKeySet, bool>>[] EachSet = [set => set.Id != ""];

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

    /// <summary>Reads a page.</summary>
    /// <exception cref="UntranslatableQueryException">EF Core cannot translate an expression of the query.</exception>
    public static async Task<KeySetPage> ReadPageAsync(
        this KeySetsDbContext context, KeySetQuery query, CancellationToken cancellationToken)
    {
        IQueryable<KeySetRow> page = KeySetPages.Select(context, query);
        List<KeySetRow> rows = [];
        long characters = 0;
        await using IAsyncEnumerator<KeySetRow> next =
            Translated(() => page.AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken));
        while (await next.MoveNextAsync())
        {
            if (rows.Count == query.Take || characters > KeySetSelect.MostCharacters)
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
            KeySetPages.Filtered(context, filters.Count > 0 ? filters : EachSet).LongCountAsync(cancellationToken));

    /// <summary>
    /// Makes the database compute with a value: EF Core sends it as a parameter and does not evaluate it.
    /// </summary>
    public static Expression AsParameter(Expression value) =>
        Expression.Call(typeof(EF), nameof(EF.Parameter), [value.Type], value);

    /// <summary>Starts a query, and tells that it cannot be translated by an exception of its own.</summary>
    /// <exception cref="UntranslatableQueryException">EF Core cannot translate it.</exception>
    /// <remarks>
    /// EF Core translates a query synchronously, before it opens the connection, and runs it afterwards.
    /// </remarks>
    public static T Translated<T>(Func<T> start)
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
}

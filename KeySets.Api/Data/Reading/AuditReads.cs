using System.Linq.Expressions;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Reading;

/// <summary>A query for audit events.</summary>
public sealed record AuditQuery
{
    /// <summary>The conditions, all of which an event fulfils.</summary>
    public IReadOnlyList<Expression<Func<AuditEvent, bool>>> Filters { get; init; } = [];

    /// <summary>The orderings, completed by <see cref="AuditReads.Complete"/>.</summary>
    public IReadOnlyList<Ordering<AuditEvent>> Orderings { get; init; } = AuditReads.Complete([]);

    /// <summary>The values of the orderings of the last event before the page; null for the first page.</summary>
    public IReadOnlyList<object?>? After { get; init; }

    /// <summary>How many events are skipped.</summary>
    public int Skip { get; init; }

    /// <summary>The most events of a page.</summary>
    public int Take { get; init; }
}

/// <summary>A page of audit events.</summary>
/// <param name="Events">The events.</param>
/// <param name="Last">If there are more: the values of the orderings of the last one; otherwise null.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Events, IReadOnlyList<object?>? Last);

/// <summary>A row of a page of audit events.</summary>
/// <param name="Event">The event.</param>
/// <param name="Values">The values of the orderings.</param>
public sealed record AuditRow(AuditEvent Event, IReadOnlyList<object?> Values);

/// <summary>Reads audit events.</summary>
public static class AuditReads
{
    private static readonly Ordering<AuditEvent> Newest = new(one => one.At, Descending: true);
    private static readonly Ordering<AuditEvent> BySet = new(one => one.KeySetId);
    private static readonly Ordering<AuditEvent> BySequence = new(one => one.Sequence);

    /// <summary>
    /// Completes orderings so that no two events are equal. Without any, the newest events come first.
    /// </summary>
    public static IReadOnlyList<Ordering<AuditEvent>> Complete(IReadOnlyList<Ordering<AuditEvent>> orderings) =>
        [.. orderings.Count == 0 ? [Newest] : orderings, BySet, BySequence];

    /// <summary>Reads a page.</summary>
    /// <exception cref="UntranslatableQueryException">EF Core cannot translate an expression of the query.</exception>
    public static async Task<AuditPage> ReadPageAsync(
        this KeySetsDbContext context, AuditQuery query, CancellationToken cancellationToken)
    {
        IQueryable<AuditRow> page = SeekPagination.Limited(
            SeekPagination.Ordered(Following(context, query), query.Orderings), query.Skip, query.Take)
            .Select(RowOf(query));
        List<AuditRow> rows = await KeySetReads.Translated(() => page.AsNoTracking().ToListAsync(cancellationToken));
        return new AuditPage(
            [.. rows.Take(query.Take).Select(row => row.Event)],
            rows.Count > query.Take && query.Take > 0 ? rows[query.Take - 1].Values : null);
    }

    /// <summary>Counts the events that fulfil all conditions.</summary>
    /// <exception cref="UntranslatableQueryException">EF Core cannot translate a condition.</exception>
    public static async Task<long> CountAsync(
        this KeySetsDbContext context,
        IReadOnlyList<Expression<Func<AuditEvent, bool>>> filters,
        CancellationToken cancellationToken) =>
        await KeySetReads.Translated(() => Filtered(context, filters).LongCountAsync(cancellationToken));

    private static IQueryable<AuditEvent> Following(KeySetsDbContext context, AuditQuery query)
    {
        IQueryable<AuditEvent> events = Filtered(context, query.Filters);
        if (query.After is null)
        {
            return events;
        }

        if (query.Orderings[0] == Newest)
        {
            // A bound of its own, by which the database finds the page in the index.
            DateTimeOffset last = (DateTimeOffset)query.After[0]!;
            events = events.Where(one => one.At <= last);
        }

        return events.Where(SeekPagination.After(query.Orderings, query.After));
    }

    // As in KeySetReads, a condition that always holds makes the embedded database count the rows one by one.
    private static IQueryable<AuditEvent> Filtered(
        KeySetsDbContext context, IReadOnlyList<Expression<Func<AuditEvent, bool>>> filters) => filters.Aggregate(
            context.Set<AuditEvent>().Where(one => one.Sequence > 0), (events, filter) => events.Where(filter));

    private static Expression<Func<AuditEvent, AuditRow>> RowOf(AuditQuery query)
    {
        ParameterExpression one = Expression.Parameter(typeof(AuditEvent));
        return Expression.Lambda<Func<AuditEvent, AuditRow>>(
            Expression.New(
                typeof(AuditRow).GetConstructors().Single(),
                one,
                SeekPagination.ValuesOf(query.Orderings, one)),
            one);
    }
}

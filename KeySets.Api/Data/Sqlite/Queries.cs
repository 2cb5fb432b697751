using System.Diagnostics;
using KeySets.Api.Capacity;
using KeySets.Api.Diagnostics;
using KeySets.Api.Refusals;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Runs the queries of requests. SQLite computes on the thread that asks it, and a few queries that read every row
/// would take all threads of the service. So a query runs on the thread of its request only for some milliseconds. If
/// it needs more, it is given up and starts again on a thread of its own, once a seat is free.
/// </summary>
/// <param name="contexts">Creates contexts of the database.</param>
/// <param name="limits">What a slow query is, and how long it may run.</param>
/// <param name="instruments">Measures slow queries.</param>
/// <remarks>
/// Nobody sees rows of the first run: queries are answered after they are complete. SQLite counts instructions, not
/// time: a quick query stays quick however busy the processors are.
/// </remarks>
public sealed class Queries(IDbContextFactory<SqliteContext> contexts, QueryLimits limits, Instruments instruments)
    : IAsyncDisposable
{
    // So many take some 50 microseconds, and a look a tenth of one.
    private const int InstructionsBetweenLooks = 1000;

    private readonly Seats _seats = new(Seats.Processors, Refusal.TooManySlowQueries);

    /// <summary>Runs a query.</summary>
    /// <param name="read">Reads from the context. It can run twice.</param>
    /// <param name="requestAborted">Ends it when the client goes.</param>
    /// <exception cref="RefusalException">503: it runs too long, or too many slow queries wait.</exception>
    public async Task<T> RunAsync<T>(Func<KeySetsDbContext, Task<T>> read, CancellationToken requestAborted)
    {
        int left = limits.QuickInstructions;
        try
        {
            return await RunAsync(read, between => (left -= between) <= 0, requestAborted);
        }
        catch (SqliteException exception) when (SqliteFailure.IsInterrupted(exception))
        {
            return await RunSlowAsync(read, requestAborted);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _seats.DisposeAsync();

    private async Task<T> RunSlowAsync<T>(Func<KeySetsDbContext, Task<T>> read, CancellationToken requestAborted)
    {
        using IDisposable seat = await _seats.TakeAsync(requestAborted);
        try
        {
            return await instruments.RunSlowQueryAsync(() => OwnThread.RunAsync(
                () => RunInTimeAsync(read, requestAborted), givesWay: true));
        }
        catch (TimeoutException exception)
        {
            throw Refusal.QueryTooSlow(limits.LongestSeconds, exception);
        }
    }

    private async Task<T> RunInTimeAsync<T>(Func<KeySetsDbContext, Task<T>> read, CancellationToken requestAborted)
    {
        TimeSpan longest = TimeSpan.FromSeconds(limits.LongestSeconds);
        long start = Stopwatch.GetTimestamp();
        try
        {
            return await RunAsync(read, _ => Stopwatch.GetElapsedTime(start) > longest, requestAborted);
        }
        catch (SqliteException exception) when (SqliteFailure.IsInterrupted(exception))
        {
            throw new TimeoutException("A query has run into the limit.", exception);
        }
    }

    /// <param name="read">Reads from the context.</param>
    /// <param name="isOver">Whether to end it, after some more instructions.</param>
    /// <param name="requestAborted">Ends it too.</param>
    private async Task<T> RunAsync<T>(
        Func<KeySetsDbContext, Task<T>> read, Func<int, bool> isOver, CancellationToken requestAborted)
    {
        await using SqliteContext context = await contexts.CreateDbContextAsync(requestAborted);
        await context.Database.OpenConnectionAsync(requestAborted);
        SQLitePCL.sqlite3 connection = ((SqliteConnection)context.Database.GetDbConnection()).Handle!;
        int between = Math.Min(InstructionsBetweenLooks, limits.QuickInstructions);
        SQLitePCL.raw.sqlite3_progress_handler(
            connection, between, _ => requestAborted.IsCancellationRequested || isOver(between) ? 1 : 0, v: null);
        try
        {
            return await read(context);
        }
        catch (SqliteException exception)
            when (SqliteFailure.IsInterrupted(exception) && requestAborted.IsCancellationRequested)
        {
            throw new OperationCanceledException("The client has gone.", exception, requestAborted);
        }
        finally
        {
            // The connection goes back to a pool.
            SQLitePCL.raw.sqlite3_progress_handler(connection, 0, func: null, v: null);
            await context.Database.CloseConnectionAsync();
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Diagnostics;
using KeySets.Api.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The one writer of the SQLite database. SQLite syncs its file at each commit, which takes longer than all the rest of a
/// write, so the requests that wait meanwhile are committed together in the next transaction. A request is answered after
/// the commit that holds it.
/// </summary>
/// <remarks>
/// There is no thread of its own: whoever gets the semaphore commits what waits, itself included, and the others find their
/// work done when their turn comes.
/// </remarks>
public sealed class WriteQueue(IDbContextFactory<KeySetsDbContext> contexts, DatabaseFile file, Instruments instruments) : IDisposable
{
    private const int MostWritesInOneTransaction = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<QueuedWrite> _waiting = new();
    private readonly SemaphoreSlim _writer = new(1, 1);
    private readonly AsyncLocal<KeySetsDbContext?> _joined = new();

    /// <summary>Runs some work within a durable transaction.</summary>
    /// <param name="work">
    /// Reads, decides and saves. What it refuses it must refuse before it saves: only a failure undoes what was saved. It may run
    /// again, in a transaction of its own, when the one that it shared with others fails.
    /// </param>
    /// <exception cref="RefusalException">What the work refused, or 503, 507: the database is busy or full.</exception>
    public async Task RunAsync(Func<KeySetsDbContext, Task> work)
    {
        if (_joined.Value is { } joined)
        {
            await JoinAsync(joined, work);
            return;
        }

        QueuedWrite write = new(work);
        _waiting.Enqueue(write);
        if (!await _writer.WaitAsync(Patience))
        {
            if (write.TryTake())
            {
                throw Refusal.StorageBusy();
            }

            // Somebody is committing it.
            await write.Done.Task;
            return;
        }

        try
        {
            while (!write.Done.Task.IsCompleted)
            {
                await CommitAsync(Waiting());
            }
        }
        finally
        {
            _writer.Release();
        }

        await write.Done.Task;
    }

    /// <summary>Runs several writes within one durable transaction that nobody else shares: all of them are kept, or none.</summary>
    /// <param name="work">Calls <see cref="RunAsync"/>, whose work joins the transaction. It is run once. Returns whether to keep what was written.</param>
    /// <exception cref="RefusalException">503, 507: the database is busy or full. Nothing was kept.</exception>
    public async Task RunAllOrNothingAsync(Func<Task<bool>> work)
    {
        if (!await _writer.WaitAsync(Patience))
        {
            throw Refusal.StorageBusy();
        }

        try
        {
            await using KeySetsDbContext context = await contexts.CreateDbContextAsync();
            await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
            _joined.Value = context;
            if (await work())
            {
                await CommitAsync(transaction, writes: 1);
            }
        }
        catch (Exception exception) when (SqliteFailure.RefusalOf(exception) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            _joined.Value = null;
            _writer.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _writer.Dispose();

    private static async Task JoinAsync(KeySetsDbContext context, Func<KeySetsDbContext, Task> work)
    {
        try
        {
            await work(context);
        }
        catch (Exception exception) when (SqliteFailure.RefusalOf(exception) is { } refusal)
        {
            throw refusal;
        }

        context.ChangeTracker.Clear();
    }

    private List<QueuedWrite> Waiting()
    {
        List<QueuedWrite> writes = [];
        while (writes.Count < MostWritesInOneTransaction && _waiting.TryDequeue(out QueuedWrite? write))
        {
            if (write.TryTake())
            {
                writes.Add(write);
            }
        }

        return writes;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is must reach the request that it is about.")]
    private async Task CommitAsync(List<QueuedWrite> writes)
    {
        try
        {
            await RunInOneTransactionAsync(writes);
            writes.ForEach(write => write.Complete());
        }
        catch (Exception exception) when (writes.Count == 1 || SqliteFailure.IsBusy(exception))
        {
            // Busy is the whole database: whoever came together is told together, not one after the other's timeout.
            writes.ForEach(write => write.Done.SetException(SqliteFailure.RefusalOf(exception) ?? exception));
        }
        catch (Exception)
        {
            // All of it was rolled back. Each alone, so that it fails nobody but whom it is about.
            foreach (QueuedWrite write in writes)
            {
                await CommitAsync([write]);
            }
        }
    }

    private async Task RunInOneTransactionAsync(List<QueuedWrite> writes)
    {
        await using KeySetsDbContext context = await contexts.CreateDbContextAsync();
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
        foreach (QueuedWrite write in writes)
        {
            await write.RunAsync(context);
            context.ChangeTracker.Clear();
        }

        await CommitAsync(transaction, writes.Count);
    }

    private async Task CommitAsync(IDbContextTransaction transaction, int writes)
    {
        if (!file.IsThere)
        {
            throw Refusal.StorageLost();
        }

        await instruments.CommitAsync(writes, () => transaction.CommitAsync());
    }
}

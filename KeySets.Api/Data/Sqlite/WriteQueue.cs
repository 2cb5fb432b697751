using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Refusals;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The one writer of the SQLite database. SQLite syncs its file at each commit, which takes longer than all the rest of
/// a write. So the writes that wait meanwhile are committed together in the next transaction. A request is answered
/// after the commit that holds its write.
/// </summary>
/// <param name="transactions">Runs transactions. Whoever has the semaphore uses it.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
/// <remarks>
/// The queue has no thread of its own: the request that finds the writer free commits all waiting writes. Those that
/// come meanwhile are committed together when it is free again.
/// </remarks>
public sealed class WriteQueue(WriteTransactions transactions, DatabaseFile? file = null) : IDisposable
{
    private const int MostWritesInOneTransaction = 128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<QueuedWrite> _waiting = new();
    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <summary>Runs some work within a durable transaction, which other writes may share.</summary>
    /// <inheritdoc cref="Database.WriteAsync" />
    public async Task<T> RunAsync<T>(Func<KeptConnection, Task<T>> work)
    {
        QueuedWrite<T> write = new(work);
        _waiting.Enqueue(write);
        await TryCommitAsync();
        try
        {
            return await write.Result.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // If it is taken already, another request is committing it.
            return write.TryTake() ? throw Refusal.StorageBusy() : await write.Result;
        }
    }

    /// <summary>Runs some work within a durable transaction that no other write shares.</summary>
    /// <param name="work">Writes rows, and returns whether to keep them. It runs once.</param>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full. Nothing was kept.</exception>
    public async Task RunAloneAsync(Func<KeptConnection, Task<bool>> work)
    {
        if (!await _writer.WaitAsync(Patience))
        {
            throw Refusal.StorageBusy();
        }

        try
        {
            await transactions.RunAsync(work, writes: 1);
        }
        catch (Exception exception) when (SqliteFailure.RefusalOf(exception, file) is { } refusal)
        {
            throw refusal;
        }
        finally
        {
            Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _writer.Dispose();

    /// <summary>
    /// Commits the writes that wait now. If another request has the writer, that one sees to them.
    /// </summary>
    private async Task TryCommitAsync()
    {
        if (await _writer.WaitAsync(TimeSpan.Zero))
        {
            try
            {
                if (TakeWaiting() is { Count: > 0 } writes)
                {
                    await CommitAsync(writes);
                }
            }
            finally
            {
                Release();
            }
        }
    }

    /// <remarks>
    /// Writes that were queued meanwhile are committed apart from this request, which has its own answer to send.
    /// </remarks>
    private void Release()
    {
        _writer.Release();
        if (!_waiting.IsEmpty)
        {
            _ = Task.Run(TryCommitAsync);
        }
    }

    private List<QueuedWrite> TakeWaiting()
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

    [SuppressMessage("Design", "CA1031", Justification = "Any exception must reach the request that it is about.")]
    private async Task CommitAsync(List<QueuedWrite> writes)
    {
        try
        {
            await RunInOneTransactionAsync(writes);
            writes.ForEach(write => write.Complete());
        }
        catch (Exception exception) when (writes.Count == 1 || SqliteFailure.IsBusy(exception))
        {
            // The whole database is busy: all requests are told at once, not one after the timeout of the other.
            writes.ForEach(write => write.Fail(SqliteFailure.RefusalOf(exception, file) ?? exception));
        }
        catch (Exception)
        {
            // SQLite has rolled all of them back. Run each alone, so that only the one at fault fails.
            foreach (QueuedWrite write in writes)
            {
                await CommitAsync([write]);
            }
        }
    }

    private Task RunInOneTransactionAsync(List<QueuedWrite> writes) => transactions.RunAsync(async connection =>
    {
        foreach (QueuedWrite write in writes)
        {
            await write.RunAsync(connection);
        }

        return true;
    }, writes.Count);
}

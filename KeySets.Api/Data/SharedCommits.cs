using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Refusals;

namespace KeySets.Api.Data;

/// <summary>
/// Commits writes. A commit takes longer than all the rest of a write, so the writes that wait while others are
/// committed share the next commit. A request is answered after the commit that holds its write.
/// </summary>
/// <param name="most">The most writes of a commit.</param>
/// <param name="spares">
/// How many further writers there are, for the writes behind a commit that waits for something of its own.
/// </param>
/// <remarks>
/// There is no thread for it: the request that finds the writer free commits all waiting writes. Those that come
/// meanwhile are committed together when it is free again.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without a wait handle has nothing to dispose of.")]
public abstract class SharedCommits<TWrite>(int most, int spares = 0)
    where TWrite : QueuedWrite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongCommit = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<TWrite> _waiting = new();
    private readonly SemaphoreSlim _writer = new(1);
    private readonly SemaphoreSlim _spares = new(spares);

    /// <summary>Commits a write, perhaps with others.</summary>
    /// <param name="write">The write.</param>
    /// <param name="result">Its result.</param>
    /// <exception cref="RefusalException">503: the writer was busy for five seconds. Nothing was written.</exception>
    protected async Task<T> RunAsync<T>(TWrite write, Task<T> result)
    {
        _waiting.Enqueue(write);
        await TryCommitAsync(_writer);
        try
        {
            return await result.WaitAsync(LongCommit);
        }
        catch (TimeoutException)
        {
            await TryCommitAsync(_spares);
        }

        try
        {
            return await result.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // If it is taken already, another request is committing it.
            return write.TryTake() ? throw Refusal.StorageBusy() : await result;
        }
    }

    /// <summary>Runs some work while no other write is committed.</summary>
    /// <exception cref="RefusalException">503: the writer was busy for five seconds. Nothing was written.</exception>
    protected async Task RunAloneAsync(Func<Task> work)
    {
        if (!await _writer.WaitAsync(Patience))
        {
            throw Refusal.StorageBusy();
        }

        try
        {
            await work();
        }
        finally
        {
            Release(_writer);
        }
    }

    /// <summary>Commits writes in one transaction, and then completes them.</summary>
    /// <exception cref="Exception">The transaction failed, and none is completed.</exception>
    protected abstract Task CommitTogetherAsync(IReadOnlyList<TWrite> writes);

    /// <summary>
    /// Whether a failure is about all writes of a transaction, as when the database is busy: all requests are told at
    /// once, and not one after the patience of the other.
    /// </summary>
    protected abstract bool IsOfAll(Exception exception);

    /// <summary>What a request is told of a failure.</summary>
    protected abstract Exception ToTell(Exception exception);

    /// <summary>Commits the writes that wait now, unless the writers are busy: they see to them then.</summary>
    private async Task TryCommitAsync(SemaphoreSlim writers)
    {
        if (await writers.WaitAsync(TimeSpan.Zero))
        {
            try
            {
                // Requests that are ready to run come first, so that their writes share this commit.
                await Task.Yield();
                if (TakeWaiting() is { Count: > 0 } writes)
                {
                    await CommitAsync(writes);
                }
            }
            finally
            {
                Release(writers);
            }
        }
    }

    /// <remarks>
    /// Writes that were queued meanwhile are committed apart from this request, which has its own answer to send.
    /// </remarks>
    private void Release(SemaphoreSlim writers)
    {
        writers.Release();
        if (!_waiting.IsEmpty)
        {
            _ = Task.Run(() => TryCommitAsync(writers));
        }
    }

    private List<TWrite> TakeWaiting()
    {
        List<TWrite> writes = [];
        while (writes.Count < most && _waiting.TryDequeue(out TWrite? write))
        {
            if (write.TryTake())
            {
                writes.Add(write);
            }
        }

        return writes;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Any exception must reach the request that it is about.")]
    private async Task CommitAsync(List<TWrite> writes)
    {
        try
        {
            await CommitTogetherAsync(writes);
        }
        catch (Exception exception) when (writes.Count == 1 || IsOfAll(exception))
        {
            Exception answer = ToTell(exception);
            foreach (TWrite write in writes)
            {
                write.Fail(answer);
            }
        }
        catch (Exception)
        {
            // The database has undone all of them. Run each alone, so that only the one at fault fails.
            await Parallel.ForEachAsync(
                writes,
                new ParallelOptions { MaxDegreeOfParallelism = 1 + spares },
                async (write, _) => await CommitAsync([write]));
        }
    }
}

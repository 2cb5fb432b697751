using KeySets.Api.Keys;

namespace KeySets.Api.Data.Sqlite;

/// <summary>A write that waits in the <see cref="WriteQueue"/>.</summary>
/// <param name="work">Reads, decides and saves.</param>
public sealed class QueuedWrite(Func<KeySetsDbContext, Task> work)
{
    private RefusalException? _refusal;
    private int _taken;

    /// <summary>Set when the request can be answered.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the caller is the one who decides on the write: to commit it, or to give it up.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>Runs the work. A refusal is kept for later: it does not disturb the others.</summary>
    public async Task RunAsync(KeySetsDbContext context)
    {
        try
        {
            _refusal = null;
            await work(context);
        }
        catch (RefusalException refusal)
        {
            _refusal = refusal;
        }
    }

    /// <summary>Says to the request that its transaction is on disk, or what the work refused.</summary>
    public void Complete()
    {
        if (_refusal is null)
        {
            Done.SetResult();
        }
        else
        {
            Done.SetException(_refusal);
        }
    }
}

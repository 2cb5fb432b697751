namespace KeySets.Api.Data;

/// <summary>A write that waits for its commit.</summary>
public abstract class QueuedWrite
{
    private int _taken;

    /// <summary>Whether the caller is the one that decides about the write: to commit it, or to give it up.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>Tells the request that its transaction failed.</summary>
    public abstract void Fail(Exception exception);
}

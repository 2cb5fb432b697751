using KeySets.Api.Refusals;

namespace KeySets.Api.Data.Sqlite;

/// <summary>Some work that waits in the <see cref="WriteQueue"/>.</summary>
public abstract class QueuedWork : QueuedWrite
{
    /// <summary>
    /// Runs the work. A refusal is kept until <see cref="Complete"/>: it does not disturb other writes.
    /// </summary>
    public abstract Task RunAsync(KeptConnection connection);

    /// <summary>Tells the request that its transaction is on disk, or what the work refused.</summary>
    public abstract void Complete();
}

/// <summary>Some work with a result.</summary>
/// <param name="work">Reads, decides and saves.</param>
public sealed class QueuedWork<T>(Func<KeptConnection, Task<T>> work) : QueuedWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RefusalException? _refusal;
    private T? _result;

    /// <summary>The result of the work, once its transaction is on disk.</summary>
    public Task<T> Result => _done.Task;

    /// <inheritdoc />
    public override async Task RunAsync(KeptConnection connection)
    {
        try
        {
            _refusal = null;
            _result = await work(connection);
        }
        catch (RefusalException refusal)
        {
            _refusal = refusal;
        }
    }

    /// <inheritdoc />
    public override void Complete()
    {
        if (_refusal is null)
        {
            _done.SetResult(_result!);
        }
        else
        {
            _done.SetException(_refusal);
        }
    }

    /// <inheritdoc />
    public override void Fail(Exception exception) => _done.SetException(exception);
}

using KeySets.Api.Capacity;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// What all batches together may run and hold. A batch can ask for a hundred times what a request asks for.
/// </summary>
public sealed class BatchCapacity : IAsyncDisposable
{
    /// <summary>
    /// The length of the answers of all batches, in bytes, after which no further request of a batch runs. Batches hold
    /// their answers until the clients have read them.
    /// </summary>
    public const long MaximumAnswerBytes = 64 * 1024 * 1024;

    private long _held;

    /// <summary>The seats of the batches that run. The requests of a batch need none of their own.</summary>
    public CallerSeats Seats { get; } = new(Refusal.TooManyBatches, Refusal.TooManyBatches);

    /// <summary>Whether the answers of all batches are too long to run a further request.</summary>
    public bool IsFull => Interlocked.Read(ref _held) > MaximumAnswerBytes;

    /// <summary>
    /// Counts bytes of answers that are held from now on; less than zero for those that are no longer.
    /// </summary>
    public void Hold(long bytes) => Interlocked.Add(ref _held, bytes);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Seats.DisposeAsync();
}

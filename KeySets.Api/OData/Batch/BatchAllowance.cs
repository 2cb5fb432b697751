using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// What a batch may still do. Its answers are held until it is disposed of, and others wait for its seat while it runs.
/// </summary>
/// <param name="capacity">What all batches may hold.</param>
/// <param name="time">Tells how long it runs.</param>
public sealed class BatchAllowance(BatchCapacity capacity, TimeProvider time) : IDisposable
{
    /// <summary>The length of its answers, in bytes, after which no further request runs.</summary>
    public const long MaximumAnswerBytes = 8 * 1024 * 1024;

    /// <summary>How long it runs, in seconds, until no further request runs.</summary>
    public const int LongestSeconds = 60;

    private readonly long _start = time.GetTimestamp();

    /// <summary>The length of its answers so far.</summary>
    public long AnswerBytes { get; private set; }

    /// <summary>The reason not to run a further request; null if one can run.</summary>
    public RefusalException? Reason =>
        AnswerBytes > MaximumAnswerBytes ? Refusal.BatchAnswerTooLarge(MaximumAnswerBytes)
        : time.GetElapsedTime(_start).TotalSeconds > LongestSeconds ? Refusal.BatchTooSlow(LongestSeconds)
        : capacity.IsFull ? Refusal.TooManyBatches()
        : null;

    /// <summary>Counts an answer.</summary>
    public void Add(Stream answer)
    {
        AnswerBytes += answer.Length;
        capacity.Hold(answer.Length);
    }

    /// <inheritdoc />
    public void Dispose() => capacity.Hold(-AnswerBytes);
}

using System.Threading.RateLimiting;
using KeySets.Api.Refusals;

namespace KeySets.Api.Capacity;

/// <summary>
/// Seats for work that takes long. Only as many pieces of work run at once as there are seats. The others wait in the
/// order in which they came, without a thread.
/// </summary>
/// <param name="count">The number of seats.</param>
/// <param name="full">The refusal of who finds no seat.</param>
public sealed class Seats(int count, Func<RefusalException> full) : IAsyncDisposable
{
    /// <summary>The most that wait for a seat.</summary>
    public const int MostWaiting = 100;

    // Less than clients wait for an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrencyLimiter _free = new(OptionsOf(count));

    /// <summary>The number of processors: more work than that at once is no faster.</summary>
    public static int Processors => Environment.ProcessorCount;

    /// <summary>The options of a limiter that has some seats, and lets as many wait as may.</summary>
    public static ConcurrencyLimiterOptions OptionsOf(int count) => new()
    {
        PermitLimit = count,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    };

    /// <summary>Takes a seat, or waits for one.</summary>
    /// <returns>The seat. Dispose of it to free it.</returns>
    /// <exception cref="RefusalException">Too many wait already, or no seat became free within a minute.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public Task<IDisposable> TakeAsync(CancellationToken cancellationToken) =>
        TakeAsync(_free.AcquireAsync, full, cancellationToken);

    /// <summary>Takes a seat of another limiter in the same way.</summary>
    /// <param name="acquire">Acquires a number of permits.</param>
    /// <param name="full">The refusal of who finds no seat.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<IDisposable> TakeAsync(
        Func<int, CancellationToken, ValueTask<RateLimitLease>> acquire,
        Func<RefusalException> full,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            RateLimitLease seat = await acquire(1, patience.Token);
            return seat.IsAcquired ? seat : throw full();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw full();
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _free.DisposeAsync();
}

using System.Security.Claims;
using System.Threading.RateLimiting;
using KeySets.Api.Refusals;

namespace KeySets.Api.Capacity;

/// <summary>
/// Seats for work that costs a processor: as many as there are processors, half of them for one caller. So a caller
/// that sends much waits for itself, and others find a seat.
/// </summary>
/// <param name="fullOfCaller">The refusal if too much work of the caller waits.</param>
/// <param name="full">The refusal if too much work of all callers waits.</param>
public sealed class CallerSeats(Func<RefusalException> fullOfCaller, Func<RefusalException> full) : IAsyncDisposable
{
    // One claim that tells callers apart: a user, or a client that acts for itself.
    private static readonly string[] CallerClaims = ["sub", "oid", "azp", "appid", "client_id"];

    private readonly PartitionedRateLimiter<string> _ofCallers = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetConcurrencyLimiter(caller, _ => Seats.OptionsOf(OfCaller)));

    private readonly Seats _ofAll = new(OfAll, full);

    /// <summary>The number of seats.</summary>
    public static int OfAll => Math.Max(OfCaller + 1, Seats.Processors);

    /// <summary>The number of seats that one caller can have.</summary>
    public static int OfCaller => Math.Max(1, Seats.Processors / 2);

    /// <summary>Takes a seat, or waits for one.</summary>
    /// <returns>The seat. Dispose of it to free it.</returns>
    /// <exception cref="RefusalException">Too many wait already, or no seat became free within a minute.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async Task<IDisposable> TakeAsync(ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        // First a seat of the caller: what waits here keeps nobody else from a seat.
        IDisposable ofCaller = await Seats.TakeAsync(
            (count, cancellation) => _ofCallers.AcquireAsync(NameOf(caller), count, cancellation),
            fullOfCaller,
            cancellationToken);
        try
        {
            return new Both(ofCaller, await _ofAll.TakeAsync(cancellationToken));
        }
        catch
        {
            ofCaller.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ofCallers.DisposeAsync();
        await _ofAll.DisposeAsync();
    }

    /// <summary>What tells a caller apart from others; empty if its token has no claim for it.</summary>
    public static string NameOf(ClaimsPrincipal caller) =>
        CallerClaims.Select(caller.FindFirstValue).FirstOrDefault(value => value is not null) ?? "";

    private sealed record Both(IDisposable OfCaller, IDisposable OfAll) : IDisposable
    {
        public void Dispose()
        {
            OfAll.Dispose();
            OfCaller.Dispose();
        }
    }
}

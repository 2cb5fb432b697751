using System.Diagnostics.CodeAnalysis;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>A client that writes, one request after the other, and keeps what was acknowledged.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="operations">Makes up its writes.</param>
/// <param name="random">Chooses between its own sets and the shared ones.</param>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class LedgerWriter(Ledger ledger, LedgerOperations operations, Random random)
{
    private const int MillisecondsAfterRefusal = 20;

    /// <summary>Writes until it is told to stop, or until an answer does not come.</summary>
    public async Task RunAsync(HttpClient client, CancellationToken stop)
    {
        LedgerAnswer? answer = null;
        while (!stop.IsCancellationRequested && ledger.Fault is null && answer?.Outcome is not WriteOutcome.Broken)
        {
            answer = operations.Next() is { } write && !IsTurnOfHotSet()
                ? await WriteAsync(client, write)
                : await WriteHotAsync(client);
            ledger.Counts.Count(answer);
            if (answer.Outcome is WriteOutcome.Refused or WriteOutcome.Unclear)
            {
                await Task.Delay(MillisecondsAfterRefusal, CancellationToken.None);
            }
        }
    }

    private async Task<LedgerAnswer> WriteHotAsync(HttpClient client)
    {
        HotSet set = ledger.HotSets[IndexOfHotSet()];
        LedgerAnswer answer = await set.WriteAsync(client, operations.NewKey());
        if (answer.Outcome is WriteOutcome.Wrong)
        {
            ledger.Fail(set, answer.Text);
        }

        return answer;
    }

    private async Task<LedgerAnswer> WriteAsync(HttpClient client, LedgerWrite write)
    {
        LedgerAnswer answer = await write.SendAsync(client);
        ledger.Record(write, answer);
        return answer;
    }

    private bool IsTurnOfHotSet() => random.Next(6) == 0;

    private int IndexOfHotSet() => random.Next(ledger.HotSets.Count);
}

namespace KeySets.Tests.Support.Ledgers;

/// <summary>A client that writes, one request after the other, and keeps what was acknowledged.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="operations">Makes up its writes.</param>
/// <param name="random">Chooses between its own sets and the shared ones.</param>
public sealed class LedgerWriter(Ledger ledger, LedgerOperations operations, Random random)
{
    private const int MillisecondsAfterRefusal = 20;

    /// <summary>Writes until it is told to stop, or until an answer does not come.</summary>
    public async Task RunAsync(HttpClient client, CancellationToken stop)
    {
        WriteOutcome outcome = WriteOutcome.Acknowledged;
        while (!stop.IsCancellationRequested && ledger.Fault is null && outcome is not WriteOutcome.Broken)
        {
            outcome = operations.Next() is { } write && !IsTurnOfHotSet()
                ? await WriteAsync(client, write)
                : await WriteHotAsync(client);
            ledger.Count(outcome);
            if (outcome is WriteOutcome.Refused or WriteOutcome.Unclear)
            {
                await Task.Delay(MillisecondsAfterRefusal, CancellationToken.None);
            }
        }
    }

    private async Task<WriteOutcome> WriteHotAsync(HttpClient client)
    {
        HotSet set = ledger.HotSets[IndexOfHotSet()];
        LedgerAnswer answer = await set.WriteAsync(client, operations.NewKey());
        if (answer.Outcome is WriteOutcome.Wrong)
        {
            ledger.Fail(set, answer.Text);
        }

        return answer.Outcome;
    }

    private async Task<WriteOutcome> WriteAsync(HttpClient client, LedgerWrite write)
    {
        LedgerAnswer answer = await write.SendAsync(client);
        foreach ((int index, LedgerChange change) in write.Changes.Index())
        {
            change.Set.Note($"{write}: {answer.Outcome} {answer.Text}");
            switch (answer.Outcome)
            {
                case WriteOutcome.Acknowledged:
                    change.Set.State = change.After is null ? null : change.After with { Tag = answer.Tags[index] };
                    break;
                case WriteOutcome.Unclear or WriteOutcome.Broken:
                    change.Set.Doubt = write;
                    break;
                case WriteOutcome.Wrong:
                    ledger.Fail(change.Set, answer.Text);
                    break;
            }
        }

        return answer.Outcome;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
    private bool IsTurnOfHotSet() => random.Next(6) == 0;

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
    private int IndexOfHotSet() => random.Next(ledger.HotSets.Count);
}

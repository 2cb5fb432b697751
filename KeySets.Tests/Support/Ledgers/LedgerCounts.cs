using System.Collections.Concurrent;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>The answers to the writes of a ledger, counted.</summary>
public sealed class LedgerCounts
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private TaskCompletionSource? _acknowledgement;

    /// <summary>The number of acknowledged writes.</summary>
    public int Acknowledged => _counts.GetValueOrDefault($"{WriteOutcome.Acknowledged}");

    /// <summary>The number of writes whose connection broke.</summary>
    public int Broken => _counts.GetValueOrDefault($"{WriteOutcome.Broken}");

    /// <summary>The number of writes that were refused by a status.</summary>
    public int RefusedBy(int status) => _counts.GetValueOrDefault($"{WriteOutcome.Refused} by {status}");

    /// <summary>Counts the answer to a write.</summary>
    public void Count(LedgerAnswer answer)
    {
        if (answer.Outcome is WriteOutcome.Acknowledged)
        {
            Interlocked.Exchange(ref _acknowledgement, null)?.TrySetResult();
        }

        _counts.AddOrUpdate($"{answer}", 1, (_, count) => count + 1);
    }

    /// <summary>
    /// Waits for the next acknowledged write, and goes on on the thread of its client, before it does anything else.
    /// </summary>
    public Task AcknowledgementAsync() => (_acknowledgement = new TaskCompletionSource()).Task;

    /// <inheritdoc />
    public override string ToString() => string.Join(
        ", ",
        _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}"));
}

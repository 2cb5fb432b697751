using KeySets.Api.Data.Sealing;
using KeySets.Model;

namespace KeySets.Api.Data.Audit;

/// <summary>
/// Checks that no audit event was altered or removed, but for those that are older than they are kept: each event
/// carries the hash of the one before it, each set has the revision that its last event gave it, and the sealed
/// checkpoints hold the last events of all chains.
/// </summary>
/// <param name="rows">The rows, as they are at one moment.</param>
/// <param name="seals">Opens the seals of checkpoints.</param>
/// <param name="removable">
/// Up to when events can have been removed, in milliseconds since 1970; null if they are kept for ever.
/// </param>
public sealed class AuditVerifier(KeySetRows rows, CheckpointSeals seals, long? removable)
{
    private readonly Dictionary<string, ChainHead> _trimmed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _provenTrims = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private long _setsWithEvents;

    /// <summary>What is not as it must be: of each chain, the first event that was altered or removed.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>How many events there are.</summary>
    public long Events { get; private set; }

    /// <summary>How many chains there are, those of removed sets included.</summary>
    public long Chains { get; private set; }

    /// <summary>The last checkpoint; null if there is none.</summary>
    public AuditCheckpoint? LastCheckpoint { get; private set; }

    /// <summary>
    /// How many sets have no events: they are from before events were kept. Their first change makes the first event.
    /// </summary>
    public long SetsWithoutEvents { get; private set; }

    /// <summary>Checks everything.</summary>
    /// <param name="progress">Is told how many events are checked.</param>
    public async Task VerifyAsync(Action<long> progress)
    {
        await ReadTrimmedAsync();
        await CheckChainsAsync(progress);
        SetsWithoutEvents = (await rows.CountAsync()).Sets - _setsWithEvents;
        while (await rows.FindCheckpointAfterAsync(LastCheckpoint?.Number ?? 0) is { } next)
        {
            await CheckAsync(next, LastCheckpoint);
            LastCheckpoint = next;
        }

        foreach (ChainHead head in _trimmed.Values.Where(head => !_provenTrims.Contains(head.KeySetId)))
        {
            Break(head.KeySetId, $"no checkpoint tells that its events up to {head.Sequence} were removed by age");
        }
    }

    private async Task ReadTrimmedAsync()
    {
        IReadOnlyList<ChainHead> page = [];
        do
        {
            page = await rows.ReadTrimmedAsync(page.Count == 0 ? null : page[^1]);
            foreach (ChainHead head in page)
            {
                _trimmed.Add(head.KeySetId, head);
            }
        }
        while (page.Count > 0);
    }

    private async Task CheckChainsAsync(Action<long> progress)
    {
        AuditEvent? last = null;
        AuditEvent? lastChange = null;
        IReadOnlyList<AuditEvent> page = [];
        do
        {
            page = await rows.ReadEventsAsync(last);
            foreach (AuditEvent one in page)
            {
                if (last?.KeySetId != one.KeySetId)
                {
                    await EndChainAsync(last?.KeySetId, lastChange);
                    (last, lastChange) = (null, null);
                    Chains++;
                }

                Check(one, last);
                last = one;
                lastChange = one.Result == AuditResults.Succeeded ? one : lastChange;
                progress(++Events);
            }
        }
        while (page.Count > 0);
        await EndChainAsync(last?.KeySetId, lastChange);
    }

    private void Check(AuditEvent one, AuditEvent? before)
    {
        ChainHead? previous = before is null
            ? _trimmed.GetValueOrDefault(one.KeySetId)
            : new ChainHead(before.KeySetId, before.Sequence, before.Hash);
        long expected = (previous?.Sequence ?? 0) + 1;
        if (one.Sequence != expected)
        {
            Break(one.KeySetId, $"its event {expected} was removed");
        }
        else if (one.Hash != EventHash.Of(one))
        {
            Break(one.KeySetId, $"its event {expected}, of {one.At:O}, was altered");
        }
        else if (one.PreviousHash != previous?.Hash)
        {
            Break(one.KeySetId, previous is null
                ? "an event before its first one was removed"
                : $"its event {previous.Sequence} was altered");
        }
    }

    /// <summary>Compares a set with the last change of it.</summary>
    private async Task EndChainAsync(string? id, AuditEvent? lastChange)
    {
        if (id is null or "")
        {
            return;
        }

        Guid? revision = await rows.FindRevisionAsync(id);
        bool isKnown = lastChange is not null || _trimmed.ContainsKey(id);
        _setsWithEvents += revision is not null && isKnown ? 1 : 0;
        if (lastChange is null)
        {
            // Refused requests alone, or the changes were removed by age.
        }
        else if (revision is null && lastChange.Operation != AuditOperations.DeleteKeySet)
        {
            Break(id, $"it is gone, and no event behind its event {lastChange.Sequence} removed it");
        }
        else if (revision is not null && revision != lastChange.Revision)
        {
            Break(id, $"it has changed since its event {lastChange.Sequence}, and no event tells how");
        }
    }

    private async Task CheckAsync(AuditCheckpoint checkpoint, AuditCheckpoint? before)
    {
        if (checkpoint.Number != (before?.Number ?? 0) + 1)
        {
            _faults.Add($"Checkpoint {(before?.Number ?? 0) + 1} was removed");
        }
        else if (checkpoint.PreviousHash != before?.Hash || checkpoint.Hash != checkpoint.HashOfMembers())
        {
            _faults.Add($"Checkpoint {checkpoint.Number} was altered");
        }
        else if (seals.Open(checkpoint.Number, checkpoint.Seal) != checkpoint.Hash)
        {
            _faults.Add(
                $"The seal of checkpoint {checkpoint.Number} does not open: it was made by others, or the key ring "
                + "lacks the key that it was sealed with");
        }
        else if (checkpoint.IsTrimmed && !(checkpoint.Until <= removable))
        {
            _faults.Add(
                $"The events up to {DateTimeOffset.FromUnixTimeMilliseconds(checkpoint.Until):O} were removed, though "
                + "they are not older than Audit:RetentionDays");
        }
        else
        {
            await CheckHeadsAsync(checkpoint);
        }
    }

    private async Task CheckHeadsAsync(AuditCheckpoint checkpoint)
    {
        foreach (ChainHead head in checkpoint.ReadHeads())
        {
            if (_trimmed.TryGetValue(head.KeySetId, out ChainHead? trimmed) && head.Sequence <= trimmed.Sequence)
            {
                if (checkpoint.IsTrimmed && head == trimmed)
                {
                    _provenTrims.Add(head.KeySetId);
                }
            }
            else if (!await rows.HasEventAsync(head))
            {
                Break(
                    head.KeySetId,
                    $"its event {head.Sequence}, which checkpoint {checkpoint.Number} holds, was altered or removed");
            }
        }
    }

    /// <summary>Names the first fault of a chain.</summary>
    private void Break(string keySetId, string fault)
    {
        if (_broken.Add(keySetId))
        {
            _faults.Add(keySetId.Length == 0 ? $"Of the events of no set: {fault}" : $"Set {keySetId}: {fault}");
        }
    }
}

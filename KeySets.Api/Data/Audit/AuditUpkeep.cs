using KeySets.Api.Data.Sealing;
using KeySets.Api.Refusals;

namespace KeySets.Api.Data.Audit;

/// <summary>Makes checkpoints of audit events, and removes events that are older than they are kept.</summary>
/// <param name="database">The database.</param>
/// <param name="seals">Seals checkpoints.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells the hash of the last checkpoint: a log kept elsewhere is a second witness.</param>
public sealed partial class AuditUpkeep(
    Database database, CheckpointSeals seals, TimeProvider time, ILogger<AuditUpkeep> logger)
{
    // Longer than a transaction takes that has made an event and not been committed yet.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    /// <summary>Makes checkpoints until they hold all events but the latest.</summary>
    /// <exception cref="RefusalException">
    /// 503, 507: the database is busy, lost or full, or the key ring is lost.
    /// </exception>
    /// <remarks>Several instances can do it at the same time: one of them makes the next checkpoint.</remarks>
    public async Task MakeCheckpointsAsync()
    {
        List<AuditCheckpoint> made = [];
        while (await MakeCheckpointAsync(made))
        {
            // There may be more.
        }

        if (made is [.., { } last])
        {
            LogCheckpoint(logger, last.Number, DateTimeOffset.FromUnixTimeMilliseconds(last.Until), last.Hash);
        }
    }

    /// <summary>Removes events. Only those go that a checkpoint holds.</summary>
    /// <param name="kept">How long events are kept.</param>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full.</exception>
    public async Task TrimAsync(TimeSpan kept)
    {
        long before = (time.GetUtcNow() - kept).ToUnixTimeMilliseconds();
        while (await database.WriteAsync(rows => rows.TrimFirstAsync(before)) is { } trimmed)
        {
            LogTrimmed(logger, DateTimeOffset.FromUnixTimeMilliseconds(trimmed.Until));
        }
    }

    /// <returns>Whether there was one to make, which another instance may have made meanwhile.</returns>
    private async Task<bool> MakeCheckpointAsync(List<AuditCheckpoint> made)
    {
        (AuditCheckpoint? next, bool isStored) = await database.WriteAsync(async rows =>
        {
            long settled = (time.GetUtcNow() - Settling).ToUnixTimeMilliseconds();
            AuditCheckpoint? next = await rows.NextCheckpointAsync(settled);
            return (next, next is not null
                && await rows.StoreCheckpointAsync(next with { Seal = seals.Seal(next.Number, next.Hash) }));
        });
        if (isStored)
        {
            made.Add(next!);
        }

        return next is not null;
    }

    [LoggerMessage(
        LogLevel.Information, "Audit checkpoint {Number} holds the events up to {Until:O}. Its hash is {Hash}")]
    private static partial void LogCheckpoint(ILogger logger, long number, DateTimeOffset until, string hash);

    [LoggerMessage(
        LogLevel.Information, "Audit events up to {Until:O} were removed: they are older than Audit:RetentionDays")]
    private static partial void LogTrimmed(ILogger logger, DateTimeOffset until);
}

using System.Data.Common;
using KeySets.Api.Data.Audit;

namespace KeySets.Api.Data;

/// <content>The checkpoints of audit events.</content>
public partial class KeySetRows
{
    // Events are counted, not sets: of a chain that has grown by many, the last one stands for all.
    private const int EventsOfCheckpoint = 1000;

    private const string CheckpointColumns =
        """ "Number", "Until", "Heads", "PreviousHash", "Hash", "Seal", "IsTrimmed" """;

    private const string LastCheckpoint =
        $"""SELECT {CheckpointColumns} FROM "AuditCheckpoints" ORDER BY "Number" DESC LIMIT 1""";

    private const string CheckpointAfter =
        $"""SELECT {CheckpointColumns} FROM "AuditCheckpoints" WHERE "Number" > @p0 ORDER BY "Number" LIMIT 1""";

    private const string FirstUntrimmed =
        $"""
        SELECT {CheckpointColumns} FROM "AuditCheckpoints" WHERE NOT "IsTrimmed" AND "Until" < @p0 ORDER BY "Number"
            LIMIT 1
        """;

    private const string InsertCheckpoint =
        $"""
        INSERT INTO "AuditCheckpoints" ({CheckpointColumns}) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
            ON CONFLICT ("Number") DO NOTHING
        """;

    private const string EndOfSpan =
        """
        SELECT "At" FROM "AuditEvents" WHERE "At" > @p0 AND "At" <= @p1 ORDER BY "At" LIMIT 1 OFFSET @p2
        """;

    private const string HeadsOfSpan =
        """
        SELECT e."KeySetId", e."Sequence", e."Hash" FROM "AuditEvents" AS e
            JOIN (SELECT "KeySetId", MAX("Sequence") AS "Sequence" FROM "AuditEvents"
                WHERE "At" > @p0 AND "At" <= @p1 GROUP BY "KeySetId") AS head
                ON head."KeySetId" = e."KeySetId" AND head."Sequence" = e."Sequence"
            ORDER BY e."KeySetId"
        """;

    private const string HashOfEvent =
        """SELECT "Sequence", "Hash" FROM "AuditEvents" WHERE "KeySetId" = @p0 AND "Sequence" = @p1""";

    private const string DeleteEvents = """DELETE FROM "AuditEvents" WHERE "KeySetId" = @p0 AND "Sequence" <= @p1""";

    private const string KeepTrimmed =
        """
        INSERT INTO "AuditTrimmedChains" ("KeySetId", "Sequence", "Hash") VALUES (@p0, @p1, @p2)
            ON CONFLICT ("KeySetId") DO UPDATE SET "Sequence" = @p1, "Hash" = @p2
                WHERE "AuditTrimmedChains"."Sequence" < @p1
        """;

    private const string MarkTrimmed = """UPDATE "AuditCheckpoints" SET "IsTrimmed" = TRUE WHERE "Number" = @p0""";

    private const string TrimmedAfter =
        """
        SELECT "KeySetId", "Sequence", "Hash" FROM "AuditTrimmedChains"
            WHERE ("KeySetId", "Sequence") > (@p0, @p1) ORDER BY "KeySetId", "Sequence" LIMIT @p2
        """;

    private const string UpdateSeal =
        """UPDATE "AuditCheckpoints" SET "Seal" = @p2 WHERE "Number" = @p0 AND "Hash" = @p1""";

    /// <summary>Makes the checkpoint after the last one, without its seal.</summary>
    /// <param name="settled">Up to when events are complete, in milliseconds since 1970.</param>
    /// <returns>The checkpoint; null if there are no events since the last one.</returns>
    public async Task<AuditCheckpoint?> NextCheckpointAsync(long settled)
    {
        AuditCheckpoint? last = await ReadCheckpointAsync(LastCheckpoint);
        long since = last?.Until ?? -1;
        long until = settled;
        await using (DbDataReader end = await statements.ReadAsync(EndOfSpan, since, settled, EventsOfCheckpoint))
        {
            until = await end.ReadAsync() ? end.GetInt64(0) : settled;
        }

        IReadOnlyList<ChainHead> heads = await ReadHeadsAsync(HeadsOfSpan, since, until);
        return heads.Count == 0 ? null : AuditCheckpoint.After(last, until, heads);
    }

    /// <summary>Stores a checkpoint.</summary>
    /// <returns>Whether there was none with its number.</returns>
    public async Task<bool> StoreCheckpointAsync(AuditCheckpoint checkpoint) => await statements.ExecuteAsync(
        InsertCheckpoint, checkpoint.Number, checkpoint.Until, checkpoint.Heads, checkpoint.PreviousHash,
        checkpoint.Hash, checkpoint.Seal, checkpoint.IsTrimmed) == 1;

    /// <summary>Reads the checkpoint after a number; null if there is none.</summary>
    public Task<AuditCheckpoint?> FindCheckpointAfterAsync(long number) =>
        ReadCheckpointAsync(CheckpointAfter, number);

    /// <summary>Gives a checkpoint another seal of the same hash.</summary>
    public Task SealCheckpointAsync(AuditCheckpoint checkpoint, byte[] seal) =>
        statements.ExecuteAsync(UpdateSeal, checkpoint.Number, checkpoint.Hash, seal);

    /// <summary>Whether an event is there with its hash.</summary>
    public async Task<bool> HasEventAsync(ChainHead head)
    {
        await using DbDataReader rows = await statements.ReadAsync(HashOfEvent, head.KeySetId, head.Sequence);
        return await rows.ReadAsync() && rows.GetString(1) == head.Hash;
    }

    /// <summary>
    /// Removes the events that the first checkpoint holds which still has them, and keeps where their chains go on.
    /// </summary>
    /// <param name="before">Only of a checkpoint whose span ends before this, in milliseconds since 1970.</param>
    /// <returns>The checkpoint; null if there is none.</returns>
    public async Task<AuditCheckpoint?> TrimFirstAsync(long before)
    {
        if (await ReadCheckpointAsync(FirstUntrimmed, before) is not { } checkpoint)
        {
            return null;
        }

        foreach (ChainHead head in checkpoint.ReadHeads())
        {
            await statements.ExecuteAsync(DeleteEvents, head.KeySetId, head.Sequence);
            await KeepTrimmedAsync(head);
        }

        await statements.ExecuteAsync(MarkTrimmed, checkpoint.Number);
        return checkpoint;
    }

    /// <summary>Reads the last removed events of chains, in the order of their sets.</summary>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    public Task<IReadOnlyList<ChainHead>> ReadTrimmedAsync(ChainHead? after) =>
        ReadHeadsAsync(TrimmedAfter, after?.KeySetId ?? "", after?.Sequence ?? 0, EventsOfPage);

    /// <summary>Keeps which event of a chain was the last one to be removed.</summary>
    public Task KeepTrimmedAsync(ChainHead head) =>
        statements.ExecuteAsync(KeepTrimmed, head.KeySetId, head.Sequence, head.Hash);

    private async Task<IReadOnlyList<ChainHead>> ReadHeadsAsync(string sql, params object?[] values)
    {
        await using DbDataReader rows = await statements.ReadAsync(sql, values);
        List<ChainHead> heads = [];
        while (await rows.ReadAsync())
        {
            heads.Add(new ChainHead(rows.GetString(0), rows.GetInt64(1), rows.GetString(2)));
        }

        return heads;
    }

    private async Task<AuditCheckpoint?> ReadCheckpointAsync(string sql, params object?[] values)
    {
        await using DbDataReader row = await statements.ReadAsync(sql, values);
        return await row.ReadAsync()
            ? new AuditCheckpoint
            {
                Number = row.GetInt64(0),
                Until = row.GetInt64(1),
                Heads = await row.GetFieldValueAsync<byte[]>(2),
                PreviousHash = await row.IsDBNullAsync(3) ? null : row.GetString(3),
                Hash = row.GetString(4),
                Seal = await row.GetFieldValueAsync<byte[]>(5),
                IsTrimmed = row.GetBoolean(6),
            }
            : null;
    }
}

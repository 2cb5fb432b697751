using System.Data.Common;
using KeySets.Api.Data.Audit;
using KeySets.Api.Data.Reading;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <content>The audit events of sets, which are only added.</content>
public partial class KeySetRows
{
    /// <summary>The most events that are read at once.</summary>
    public const int EventsOfPage = 1000;

    private const string LastEvent =
        """
        SELECT "Sequence", "Hash" FROM
            (SELECT "Sequence", "Hash" FROM "AuditEvents" WHERE "KeySetId" = @p0 ORDER BY "Sequence" DESC LIMIT 1)
            UNION ALL SELECT "Sequence", "Hash" FROM "AuditTrimmedChains" WHERE "KeySetId" = @p0
        """;

    private const string InsertEvent =
        """
        INSERT INTO "AuditEvents" ("KeySetId", "Sequence", "At", "Operation", "Kids", "Result", "Subject",
            "Application", "Issuer", "Request", "RequestId", "Revision", "PreviousHash", "Hash")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13)
        """;

    private const string OrNothing = """ ON CONFLICT ("KeySetId", "Sequence") DO NOTHING""";

    /// <summary>Adds an event to the chain of its set. It gets its place and its hashes.</summary>
    public virtual async Task RecordAsync(AuditEvent one)
    {
        ChainHead? last = await FindHeadAsync(one.KeySetId);
        one.Sequence = (last?.Sequence ?? 0) + 1;
        one.PreviousHash = last?.Hash;
        one.Hash = EventHash.Of(one);
        await InsertEventAsync(InsertEvent, one);
    }

    /// <summary>Reads events in the order of their sets and of their places.</summary>
    /// <param name="after">The last event of the page before; null for the first page.</param>
    public async Task<IReadOnlyList<AuditEvent>> ReadEventsAsync(AuditEvent? after)
    {
        await using DbDataReader rows = await statements.ReadAsync(
            KeySetSelect.EventsAfter, after?.KeySetId ?? "", after?.Sequence ?? 0, EventsOfPage);
        List<AuditEvent> page = [];
        while (await rows.ReadAsync())
        {
            page.Add(select.ReadEvent(rows));
        }

        return page;
    }

    /// <summary>Stores events exactly as they are, but for those that are there.</summary>
    public async Task StoreEventsAsync(IEnumerable<AuditEvent> events)
    {
        foreach (AuditEvent one in events)
        {
            await InsertEventAsync(InsertEvent + OrNothing, one);
        }
    }

    private Task<int> InsertEventAsync(string sql, AuditEvent one) => statements.ExecuteAsync(
        sql, one.KeySetId, one.Sequence, one.At.ToUnixTimeMilliseconds(), one.Operation, ValueOf(one.Kids),
        one.Result, one.Subject, one.Application, one.Issuer, one.Request, one.RequestId, one.Revision,
        one.PreviousHash, one.Hash);

    /// <remarks>Of both rows, an event that was removed comes last.</remarks>
    private async Task<ChainHead?> FindHeadAsync(string keySetId)
    {
        await using DbDataReader rows = await statements.ReadAsync(LastEvent, keySetId);
        return await rows.ReadAsync()
            ? new ChainHead(keySetId, rows.GetInt64(0), rows.GetString(1))
            : null;
    }
}

using System.Data.Common;
using KeySets.Api.Data.Audit;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <content>Sets as they are stored, for backups and for copies to another database.</content>
public partial class KeySetRows
{
    /// <summary>The most sets that are moved at once.</summary>
    public const int SetsOfPage = 200;

    private const string CountRows =
        """
        SELECT (SELECT COUNT(*) FROM "KeySets"), (SELECT COUNT(*) FROM "Keys"), (SELECT COUNT(*) FROM "AuditEvents")
        """;

    private const string CountOlderRows =
        """SELECT (SELECT COUNT(*) FROM "KeySets"), (SELECT COUNT(*) FROM "Keys"), 0""";

    // The keys of a set go with it.
    private const string DeleteStored = """DELETE FROM "KeySets" WHERE "Id" = @p0""";

    /// <summary>Counts sets, keys and audit events.</summary>
    /// <param name="hasAudit">Whether there is the table of events, which came with a later version.</param>
    public async Task<StoredCount> CountAsync(bool hasAudit = true)
    {
        await using DbDataReader rows = await statements.ReadAsync(hasAudit ? CountRows : CountOlderRows);
        await rows.ReadAsync();
        return new StoredCount(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2));
    }

    /// <summary>Reads sets as they are stored, in the order of their ids.</summary>
    /// <param name="after">The last id of the page before; empty for the first page.</param>
    /// <param name="most">The most sets of the page. Large sets end it earlier.</param>
    /// <returns>The sets; none if there are no more.</returns>
    public virtual async Task<IReadOnlyList<StoredSet>> ReadStoredAsync(string after, int most)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.StoredAfter, after);
        return await select.ReadStoredAsync(rows, most);
    }

    /// <summary>Reads the revisions of the sets behind an id, up to another id.</summary>
    public async Task<IReadOnlyDictionary<string, Guid>> ReadRevisionsAsync(string after, string last)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.Revisions, after, last);
        Dictionary<string, Guid> revisions = new(StringComparer.Ordinal);
        while (await rows.ReadAsync())
        {
            revisions.Add(rows.GetString(0), rows.GetGuid(1));
        }

        return revisions;
    }

    /// <summary>The revision of a set; null if there is none with this id.</summary>
    public async Task<Guid?> FindRevisionAsync(string id)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.RevisionOf, id);
        return await rows.ReadAsync() ? rows.GetGuid(0) : null;
    }

    /// <summary>Stores sets exactly as they are, in the place of those that have the same ids.</summary>
    public virtual async Task StoreAsync(IReadOnlyList<StoredSet> sets)
    {
        foreach (StoredSet stored in sets)
        {
            await statements.ExecuteAsync(DeleteStored, stored.Set.Id);
            await statements.ExecuteAsync(InsertSet, stored.Set.Id, stored.Set.Revision);
            await InsertKeysAsync(stored);
        }
    }

    /// <summary>Stores all sets in another database, and what there is of the audit.</summary>
    /// <param name="target">The rows of that database.</param>
    /// <param name="progress">Is told how many sets are stored so far.</param>
    public async Task CopyToAsync(KeySetRows target, Action<long> progress)
    {
        string after = "";
        long stored = 0;
        while (await ReadStoredAsync(after, SetsOfPage) is { Count: > 0 } page)
        {
            await target.StoreAsync(page);
            after = page[^1].Set.Id;
            progress(stored += page.Count);
        }

        await CopyAuditToAsync(target);
    }

    /// <summary>Stores all audit events and checkpoints in another database, but for those that are there.</summary>
    public async Task CopyAuditToAsync(KeySetRows target)
    {
        AuditEvent? last = null;
        while (await ReadEventsAsync(last) is { Count: > 0 } events)
        {
            await target.StoreEventsAsync(events);
            last = events[^1];
        }

        ChainHead? trimmed = null;
        while (await ReadTrimmedAsync(trimmed) is { Count: > 0 } heads)
        {
            foreach (ChainHead head in heads)
            {
                await target.KeepTrimmedAsync(head);
            }

            trimmed = heads[^1];
        }

        long number = 0;
        while (await FindCheckpointAfterAsync(number) is { } checkpoint)
        {
            await target.StoreCheckpointAsync(checkpoint);
            number = checkpoint.Number;
        }
    }
}

using System.Data.Common;

namespace KeySets.Api.Data.PostgreSql;

/// <content>Sets as they are stored. A page of them is written in one round trip.</content>
public sealed partial class PostgreSqlRows
{
    private const string Store =
        $"""
        DELETE FROM "KeySets" WHERE "Id" = ANY(@p13);
        INSERT INTO "KeySets" ("Id", "Revision") SELECT * FROM unnest(@p13, @p14);
        {KeyColumns.Insert} {KeyColumns.Select};
        INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At") VALUES (@p15, @p16, TRUE, now())
            {UnlessGivenUp}
        """;

    /// <inheritdoc />
    public override async Task<IReadOnlyList<StoredSet>> ReadStoredAsync(string after, int most)
    {
        await using DbDataReader rows = await Statements.ReadAsync(PostgreSqlSelect.Default.StoredPage, after, most);
        return await Select.ReadStoredAsync(rows, most);
    }

    /// <inheritdoc />
    public override Task StoreAsync(IReadOnlyList<StoredSet> sets)
    {
        ChangedSet ??= sets[0].Set.Id;
        return Statements.ExecuteAsync(
            Store,
            [
                .. KeyColumns.Of([.. sets]),
                sets.Select(stored => stored.Set.Id).ToArray(),
                sets.Select(stored => stored.Set.Revision).ToArray(),
                ChangedSet,
                write,
            ]);
    }
}

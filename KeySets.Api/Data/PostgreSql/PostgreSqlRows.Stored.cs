using System.Data.Common;
using KeySets.Model;

namespace KeySets.Api.Data.PostgreSql;

/// <content>Sets as they are stored. A page of them is written in one round trip.</content>
public sealed partial class PostgreSqlRows
{
    private const string Store =
        $"""
        DELETE FROM "KeySets" WHERE "Id" = ANY(@p13);
        INSERT INTO "KeySets" ("Id", "Revision") SELECT * FROM unnest(@p13, @p14);
        INSERT INTO "Keys" {Columns} SELECT k."KeySetId", {Keys}
            FROM unnest(@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
            AS k("KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "N", "E", "X5t", "X5c", "Status",
                "SealedMembers");
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
        TrustFrameworkKey[] keys = [.. sets.SelectMany(stored => stored.Set.Keys)];
        int[] ordinals = [.. sets.SelectMany(stored => stored.Ordinals)];
        object?[] columns = ColumnsOf(first: 0, keys, [.. sets.SelectMany(stored => stored.SealedMembers)]);
        columns[0] = ordinals;
        return Statements.ExecuteAsync(
            Store,
            [
                sets.SelectMany(stored => stored.Set.Keys.Select(_ => stored.Set.Id)).ToArray(),
                .. columns,
                sets.Select(stored => stored.Set.Id).ToArray(),
                sets.Select(stored => stored.Set.Revision).ToArray(),
                ChangedSet,
                write,
            ]);
    }
}

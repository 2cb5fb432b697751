using System.Data.Common;
using KeySets.Api.Data.Reading;
using KeySets.Model;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// The rows of sets and keys in PostgreSQL. Sets are added by one statement, however many they are and however many keys
/// they have. Each write records itself in the transaction that it is part of, so that it can be told later whether it
/// was committed.
/// </summary>
/// <param name="connection">The connection, which is open.</param>
/// <param name="write">Names the write.</param>
public sealed partial class PostgreSqlRows(NpgsqlConnection connection, Guid write)
    : KeySetRows(new NpgsqlStatements(connection), PostgreSqlSelect.Default)
{
    // The row stays locked until the transaction ends. The statement that follows sees all that was committed before.
    private const string Lock = """SELECT FROM "KeySets" WHERE "Id" = @p0 FOR UPDATE""";

    // The record of a write that was given up in the meantime is false. It becomes null, which fails the statement. Its
    // own record, of an earlier change in the same transaction, stays true.
    private const string UnlessGivenUp =
        """
        ON CONFLICT ("KeySetId", "Id") DO UPDATE SET "IsCommitted" = NULLIF("Writes"."IsCommitted", FALSE)
        """;

    private const string InsertSets =
        $"""
        WITH added AS (
            INSERT INTO "KeySets" ("Id", "Revision") SELECT * FROM unnest(@p13, @p14)
                ON CONFLICT ("Id") DO NOTHING RETURNING "Id"),
        recorded AS (
            INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At", "Added")
                SELECT @p15, @p16, TRUE, now(), array_agg("Id") FROM added HAVING COUNT(*) > 0 {UnlessGivenUp}),
        keys AS (
            {KeyColumns.Insert} {KeyColumns.Select} JOIN added ON added."Id" = k."KeySetId")
        SELECT "Id" FROM added
        """;

    private const string InsertKeys = $"{KeyColumns.Insert} {KeyColumns.Select}";

    private const string ReplaceKeys = $"""DELETE FROM "Keys" WHERE "KeySetId" = @p13; {InsertKeys}""";

    private static readonly string LockAndFind = $"{Lock}; {PostgreSqlSelect.Default.One}";

    /// <inheritdoc />
    public override async ValueTask<TrustFrameworkKeySet?> FindForUpdateAsync(string id)
    {
        await using DbDataReader rows = await Statements.ReadAsync(LockAndFind, id);
        await rows.NextResultAsync();
        return await Select.ReadAsync(rows, most: 1) is { Sets: [var set] } ? set : null;
    }

    /// <inheritdoc />
    public override async ValueTask<KeySetPage> ReadPageAsync(string after, int most)
    {
        await using DbDataReader rows =
            await Statements.ReadAsync(PostgreSqlSelect.Default.Page, after, most + 1L);
        return await Select.ReadAsync(rows, most);
    }

    /// <inheritdoc />
    public override async Task<bool> InsertAsync(TrustFrameworkKeySet keySet, byte[]?[] sealedMembers) =>
        (await InsertAsync([StoredSet.Of(keySet, sealedMembers)])).Count == 1;

    /// <summary>Inserts sets with their keys, and gives them their first revisions.</summary>
    /// <param name="sets">The sets, each with another id.</param>
    /// <returns>The ids of those that were not there. The others change nothing.</returns>
    public async Task<IReadOnlySet<string>> InsertAsync(IReadOnlyCollection<StoredSet> sets)
    {
        foreach (StoredSet stored in sets)
        {
            stored.Set.Revision = Guid.NewGuid();
        }

        string[] ids = [.. sets.Select(stored => stored.Set.Id)];
        ChangedSet ??= ids[0];
        await using DbDataReader added = await Statements.ReadAsync(
            InsertSets,
            [.. KeyColumns.Of(sets), ids, sets.Select(stored => stored.Set.Revision).ToArray(), ChangedSet, write]);
        HashSet<string> isNew = new(StringComparer.Ordinal);
        while (await added.ReadAsync())
        {
            isNew.Add(added.GetString(0));
        }

        // To the end: the rows can come before the commit, and a reader that is disposed of hides a timeout.
        await added.NextResultAsync();
        return isNew;
    }

    /// <inheritdoc />
    public override Task ReplaceKeysAsync(TrustFrameworkKeySet keySet, byte[]?[] sealedMembers) =>
        Statements.ExecuteAsync(ReplaceKeys, [.. KeyColumns.Of(StoredSet.Of(keySet, sealedMembers)), keySet.Id]);

    /// <inheritdoc />
    /// <remarks>Whether a write was committed is asked within seconds.</remarks>
    public override async Task ForgetAsync(DateTimeOffset before)
    {
        await base.ForgetAsync(before);
        await Statements.ExecuteAsync("""DELETE FROM "Writes" WHERE "At" < now() - interval '1 hour'""");
    }

    /// <inheritdoc />
    protected override Task InsertKeysAsync(StoredSet stored) =>
        Statements.ExecuteAsync(InsertKeys, KeyColumns.Of(stored));

    /// <inheritdoc />
    protected override Task<int> ChangeSetAsync(string sql, params ReadOnlySpan<object?> values)
    {
        ChangedSet ??= (string)values[0]!;
        return Statements.ExecuteAsync(
            $"""
            WITH recorded AS (
                INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At")
                    VALUES (@p0, @p{values.Length}, TRUE, now()) {UnlessGivenUp})
            {sql}
            """,
            [.. values, write]);
    }

    /// <inheritdoc />
    protected override object ValueOf(IList<string> texts) => texts.ToArray();
}

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

    private static readonly string InsertSets =
        $"""
        WITH added AS (
            INSERT INTO "KeySets" ("Id", "Revision") SELECT * FROM unnest(@p13, @p14)
                ON CONFLICT ("Id") DO NOTHING RETURNING "Id"),
        recorded AS (
            INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At", "Added")
                SELECT @p15, @p16, TRUE, now(), array_agg("Id") FROM added HAVING COUNT(*) > 0 {UnlessGivenUp}),
        keys AS (
            {KeyColumns.Insert} {KeyColumns.Select} JOIN added ON added."Id" = k."KeySetId"),
        events AS (
            {EventColumns.Insert(17, """JOIN added ON added."Id" = e."KeySetId" """)})
        SELECT "Id" FROM added
        """;

    private const string InsertKeys = $"{KeyColumns.Insert} {KeyColumns.Select}";

    private const string ReplaceKeys = $"""DELETE FROM "Keys" WHERE "KeySetId" = @p13; {InsertKeys}""";

    private static readonly string Record = $"{Lock}; {EventColumns.Insert(1)}";

    private static readonly string Revise = Recorded(PostgreSqlSelect.Default.Revise, values: 3);

    private static readonly string Delete = Recorded(PostgreSqlSelect.Default.Delete, values: 2);

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
    public override async Task<bool> InsertAsync(NewSet added) => (await InsertAsync([added])).Count == 1;

    /// <summary>Inserts sets with their keys, gives them their first revisions, and records that.</summary>
    /// <param name="sets">The sets, each with another id.</param>
    /// <returns>The ids of those that were not there. The others change nothing.</returns>
    public async Task<IReadOnlySet<string>> InsertAsync(IReadOnlyCollection<NewSet> sets)
    {
        foreach (NewSet one in sets)
        {
            one.Revise();
        }

        StoredSet[] stored = [.. sets.Select(one => one.Stored)];
        string[] ids = [.. stored.Select(one => one.Set.Id)];
        ChangedSet ??= ids[0];
        await using DbDataReader added = await Statements.ReadAsync(
            InsertSets,
            [
                .. KeyColumns.Of(stored),
                ids,
                stored.Select(one => one.Set.Revision).ToArray(),
                ChangedSet,
                write,
                .. EventColumns.Of([.. sets.Select(one => one.Change)]),
            ]);
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
    protected override async Task ReviseAsync(AuditEvent change, Guid before, Guid after)
    {
        ChangedSet ??= change.KeySetId;
        RequireOne(await Statements.ExecuteAsync(
            Revise, [change.KeySetId, before, after, write, .. EventColumns.Of(change)]));
    }

    /// <inheritdoc />
    protected override async Task DeleteAsync(AuditEvent change, Guid before)
    {
        ChangedSet ??= change.KeySetId;
        RequireOne(await Statements.ExecuteAsync(
            Delete, [change.KeySetId, before, write, .. EventColumns.Of(change)]));
    }

    /// <inheritdoc />
    /// <remarks>The lock of the set, if there is one, makes its events come one after the other.</remarks>
    public override Task RecordAsync(AuditEvent one) =>
        Statements.ExecuteAsync(Record, [one.KeySetId, .. EventColumns.Of(one)]);

    /// <summary>A statement that changes a set, with the records of the write and of the change.</summary>
    private static string Recorded(string sql, int values) =>
        $"""
        WITH recorded AS (
            INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At")
                VALUES (@p0, @p{values}, TRUE, now()) {UnlessGivenUp}),
        event AS ({EventColumns.Insert(values + 1)})
        {sql}
        """;

    /// <inheritdoc />
    protected override object ValueOf(IList<string> texts) => texts.ToArray();
}

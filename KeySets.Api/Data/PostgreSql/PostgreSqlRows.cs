using System.Data.Common;
using KeySets.Api.Data.Reading;
using KeySets.Model;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// The rows of sets and keys in PostgreSQL. A set is added by one statement, however many keys it has. Each write
/// records itself in the transaction that it is part of, so that it can be told later whether it was committed.
/// </summary>
/// <param name="connection">The connection, which is open.</param>
/// <param name="write">Names the write.</param>
public sealed partial class PostgreSqlRows(NpgsqlConnection connection, Guid write)
    : KeySetRows(new NpgsqlStatements(connection), PostgreSqlSelect.Default)
{
    // The row stays locked until the transaction ends. The statement that follows sees all that was committed before.
    private const string Lock = """SELECT FROM "KeySets" WHERE "Id" = @p0 FOR UPDATE""";

    // The keys come as one array a column.
    private const string Columns =
        """
        ("KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "N", "E", "X5t", "X5c", "Status", "SealedMembers")
        """;

    private const string Keys =
        """
        k."Ordinal", k."Kid", k."Kty", k."Use", k."Nbf", k."Exp", k."N", k."E", k."X5t",
            ARRAY(SELECT jsonb_array_elements_text(k."X5c"::jsonb)), k."Status", k."SealedMembers"
        """;

    private const string Names =
        """k("Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "N", "E", "X5t", "X5c", "Status", "SealedMembers")""";

    private const string InsertKeys =
        $"""
        INSERT INTO "Keys" {Columns} SELECT @p0, {Keys}
            FROM unnest(@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12) AS {Names}
        """;

    // The record of a write that was given up in the meantime is false. It becomes null, which fails the statement. Its
    // own record, of an earlier change in the same transaction, stays true.
    private const string UnlessGivenUp =
        """
        ON CONFLICT ("KeySetId", "Id") DO UPDATE SET "IsCommitted" = NULLIF("Writes"."IsCommitted", FALSE)
        """;

    private const string InsertSet =
        $"""
        WITH added AS (
            INSERT INTO "KeySets" ("Id", "Revision") VALUES (@p0, @p13) ON CONFLICT ("Id") DO NOTHING RETURNING "Id"),
        recorded AS (
            INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At") SELECT @p0, @p14, TRUE, now() FROM added
                {UnlessGivenUp}),
        keys AS (
            INSERT INTO "Keys" {Columns} SELECT @p0, {Keys}
                FROM added, unnest(@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12) AS {Names})
        SELECT FROM added
        """;

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
    public override async Task<bool> InsertAsync(TrustFrameworkKeySet keySet, byte[]?[] sealedMembers)
    {
        keySet.Revision = Guid.NewGuid();
        ChangedSet ??= keySet.Id;
        await using DbDataReader added = await Statements.ReadAsync(
            InsertSet, [keySet.Id, .. ColumnsOf(first: 0, keySet.Keys, sealedMembers), keySet.Revision, write]);
        bool isAdded = await added.ReadAsync();
        // To the end: the row can come before the commit, and a reader that is disposed of hides a timeout.
        await added.NextResultAsync();
        return isAdded;
    }

    /// <inheritdoc />
    /// <remarks>Whether a write was committed is asked within seconds.</remarks>
    public override async Task ForgetAsync(DateTimeOffset before)
    {
        await base.ForgetAsync(before);
        await Statements.ExecuteAsync("""DELETE FROM "Writes" WHERE "At" < now() - interval '1 hour'""");
    }

    /// <inheritdoc />
    protected override Task InsertKeysAsync(
        string keySetId, long first, IList<TrustFrameworkKey> keys, byte[]?[] sealedMembers) =>
        Statements.ExecuteAsync(InsertKeys, [keySetId, .. ColumnsOf(first, keys, sealedMembers)]);

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

    private static object?[] ColumnsOf(long first, IList<TrustFrameworkKey> keys, byte[]?[] sealedMembers)
    {
        return
        [
            Column((_, index) => (int)first + index),
            Column((key, _) => key.Kid),
            Column((key, _) => key.Kty),
            Column((key, _) => key.Use),
            Column((key, _) => key.Nbf),
            Column((key, _) => key.Exp),
            Column((key, _) => key.N),
            Column((key, _) => key.E),
            Column((key, _) => key.X5t),
            Column((key, _) => JsonOf(key.X5c)),
            Column((key, _) => (int)key.Status),
            sealedMembers,
        ];

        T[] Column<T>(Func<TrustFrameworkKey, int, T> value) => [.. keys.Select(value)];
    }
}

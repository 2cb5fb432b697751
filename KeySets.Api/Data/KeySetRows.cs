using System.Data.Common;
using System.Text.Json;
using KeySets.Api.Data.Reading;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <summary>
/// The rows of sets and keys by prepared statements: the most frequent reads, those of what is sealed, and every write.
/// EF Core runs the other reads. The SQL is the same on every database, but for the columns that a database reads
/// through a check.
/// </summary>
/// <param name="statements">The statements of a connection that stays open.</param>
/// <param name="select">Reads sets with their keys.</param>
public sealed class KeySetRows(PreparedStatements statements, KeySetSelect select)
{
    private const string InsertSet =
        """INSERT INTO "KeySets" ("Id", "Revision") VALUES (@p0, @p1) ON CONFLICT ("Id") DO NOTHING""";

    private const string InsertKey =
        """
        INSERT INTO "Keys" ("KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "N", "E", "X5t", "X5c", "Status",
            "SealedMembers") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
        """;

    // After the greatest ordinal, not at the number of keys: removed keys leave gaps.
    private const string LastOrdinal = """SELECT MAX("Ordinal") FROM "Keys" WHERE "KeySetId" = @p0""";

    private const string DeleteKeys = """DELETE FROM "Keys" WHERE "KeySetId" = @p0""";
    private const string DeleteKey = """DELETE FROM "Keys" WHERE "KeySetId" = @p0 AND "Kid" = @p1""";

    private const string UpdateStatus =
        """UPDATE "Keys" SET "Status" = @p2 WHERE "KeySetId" = @p0 AND "Kid" = @p1""";

    private const string UpdateCertificates =
        """
        UPDATE "Keys" SET "X5c" = @p2, "X5t" = @p3, "Nbf" = @p4, "Exp" = @p5,
            "SealedMembers" = COALESCE(@p6, "SealedMembers") WHERE "KeySetId" = @p0 AND "Kid" = @p1
        """;

    private const string AnySealed = """SELECT 1 FROM "Keys" WHERE "SealedMembers" IS NOT NULL LIMIT 1""";

    private const string SealedAfter =
        """
        SELECT "KeySetId", "Ordinal", "Kid", "SealedMembers" FROM "Keys"
            WHERE "SealedMembers" IS NOT NULL AND ("KeySetId", "Ordinal") > (@p0, @p1)
            ORDER BY "KeySetId", "Ordinal" LIMIT @p2
        """;

    private const string SealedMembersOf =
        """SELECT "SealedMembers" FROM "Keys" WHERE "KeySetId" = @p0 AND "Kid" = @p1""";

    private readonly string _reviseSet =
        $"""UPDATE "KeySets" SET "Revision" = @p2 WHERE "Id" = @p0 AND "{select.CheckedRevision}" = @p1""";

    private readonly string _deleteSet =
        $"""DELETE FROM "KeySets" WHERE "Id" = @p0 AND "{select.CheckedRevision}" = @p1""";

    /// <summary>The transaction that the statements run in; null for none.</summary>
    public DbTransaction? Transaction
    {
        get => statements.Transaction;
        set => statements.Transaction = value;
    }

    /// <summary>
    /// Reads a key set with its keys in order, without private members; null if there is none with this id.
    /// </summary>
    public async ValueTask<TrustFrameworkKeySet?> FindAsync(string id)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.One, id);
        return await select.ReadAsync(rows, most: 1) is { Sets: [var set] } ? set : null;
    }

    /// <summary>Reads a page of sets in the order of their ids.</summary>
    /// <param name="after">The last id of the page before; empty for the first page.</param>
    /// <param name="most">The most sets of the page.</param>
    public async ValueTask<KeySetPage> ReadPageAsync(string after, int most)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.After, after);
        return await select.ReadAsync(rows, most);
    }

    /// <summary>Whether any key has sealed private members.</summary>
    public async ValueTask<bool> AnySealedAsync()
    {
        await using DbDataReader rows = await statements.ReadAsync(AnySealed);
        return await rows.ReadAsync();
    }

    /// <summary>Reads keys with sealed private members, in the order of their sets and of their places there.</summary>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="most">The most keys of the page.</param>
    public async ValueTask<IReadOnlyList<SealedKey>> ReadSealedAsync(SealedKey? after, int most)
    {
        await using DbDataReader rows =
            await statements.ReadAsync(SealedAfter, after?.KeySetId ?? "", after?.Ordinal ?? -1, most);
        List<SealedKey> page = [];
        while (await rows.ReadAsync())
        {
            page.Add(new SealedKey(
                rows.GetString(0), rows.GetInt64(1), rows.GetString(2), await rows.GetFieldValueAsync<byte[]>(3)));
        }

        return page;
    }

    /// <summary>Inserts a set with its keys, and gives it its first revision.</summary>
    /// <returns>Whether there was none with this id. If there was one, nothing is changed.</returns>
    public async Task<bool> InsertAsync(TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        set.Revision = Guid.NewGuid();
        if (await statements.ExecuteAsync(InsertSet, set.Id, set.Revision) == 0)
        {
            return false;
        }

        await InsertKeysAsync(set, sealedMembers);
        return true;
    }

    /// <summary>
    /// Gives a set a new revision, by one statement that finds the set only if its revision is still the checked one.
    /// </summary>
    /// <param name="set">The set as it was read and checked. It gets the new revision.</param>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    /// <remarks>
    /// Every change of a set begins with this statement: it makes the promise of If-Match hold on any database, also on
    /// one where another write can come between the check and the change. The row stays locked until the transaction
    /// ends.
    /// </remarks>
    public async Task ReviseAsync(TrustFrameworkKeySet set)
    {
        Guid revision = Guid.NewGuid();
        RequireOne(await statements.ExecuteAsync(_reviseSet, set.Id, set.Revision, revision));
        set.Revision = revision;
    }

    /// <summary>Deletes a set with its keys, if its revision is still the checked one.</summary>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    public async Task DeleteAsync(TrustFrameworkKeySet set) =>
        RequireOne(await statements.ExecuteAsync(_deleteSet, set.Id, set.Revision));

    /// <summary>Puts other keys in the place of all keys of a set.</summary>
    public async Task ReplaceKeysAsync(TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        await statements.ExecuteAsync(DeleteKeys, set.Id);
        await InsertKeysAsync(set, sealedMembers);
    }

    /// <summary>Inserts a key after the last key of its set.</summary>
    public async Task AppendAsync(string keySetId, TrustFrameworkKey key, byte[]? sealedMembers)
    {
        long? last = await ReadOneAsync<long?>(LastOrdinal, keySetId);
        await InsertAsync(keySetId, key, last + 1 ?? 0, sealedMembers);
    }

    /// <summary>Gives a key the certificates and dates that it has now.</summary>
    /// <param name="keySetId">The id of the set.</param>
    /// <param name="key">The key.</param>
    /// <param name="sealedMembers">The private members; null to keep those of the row.</param>
    public Task RenewAsync(string keySetId, TrustFrameworkKey key, byte[]? sealedMembers) => statements.ExecuteAsync(
        UpdateCertificates, keySetId, key.Kid, TextOf(key.X5c), key.X5t, key.Nbf, key.Exp, sealedMembers);

    /// <summary>Gives a key another status.</summary>
    public Task SetStatusAsync(string keySetId, string kid, TrustFrameworkKeyStatus status) =>
        statements.ExecuteAsync(UpdateStatus, keySetId, kid, (int)status);

    /// <summary>Deletes a key.</summary>
    public Task DeleteKeyAsync(string keySetId, string kid) => statements.ExecuteAsync(DeleteKey, keySetId, kid);

    /// <summary>The sealed private members of a key; null if it has none.</summary>
    public Task<byte[]?> SealedMembersAsync(string keySetId, string kid) =>
        ReadOneAsync<byte[]?>(SealedMembersOf, keySetId, kid);

    private async Task InsertKeysAsync(TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        foreach ((int ordinal, TrustFrameworkKey key) in set.Keys.Index())
        {
            await InsertAsync(set.Id, key, ordinal, sealedMembers[ordinal]);
        }
    }

    private Task<int> InsertAsync(string keySetId, TrustFrameworkKey key, long ordinal, byte[]? sealedMembers) =>
        statements.ExecuteAsync(
            InsertKey, keySetId, ordinal, key.Kid, key.Kty, key.Use, key.Nbf, key.Exp, key.N, key.E, key.X5t,
            TextOf(key.X5c), (int)key.Status, sealedMembers);

    private async Task<T?> ReadOneAsync<T>(string sql, string keySetId, string? kid = null)
    {
        await using DbDataReader rows =
            await (kid is null ? statements.ReadAsync(sql, keySetId) : statements.ReadAsync(sql, keySetId, kid));
        return await rows.ReadAsync() && !await rows.IsDBNullAsync(0) ? await rows.GetFieldValueAsync<T>(0) : default;
    }

    private static string TextOf(IList<string> x5c) => x5c.Count == 0 ? "[]" : JsonSerializer.Serialize(x5c);

    private static void RequireOne(int rows)
    {
        if (rows != 1)
        {
            throw Refusal.StorageBusy();
        }
    }
}

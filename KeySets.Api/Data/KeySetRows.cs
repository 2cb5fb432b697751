using System.Data.Common;
using System.Text.Json;
using KeySets.Api.Data.Reading;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <summary>
/// The rows of sets and keys by prepared statements: the most frequent reads, those of what is sealed, and every write.
/// EF Core runs the other reads. The SQL is what every database understands. A database overrides what it can do by
/// fewer statements, or must do by others.
/// </summary>
/// <param name="statements">The statements of a connection.</param>
/// <param name="select">Reads sets with their keys.</param>
public partial class KeySetRows(Statements statements, KeySetSelect select)
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

    /// <summary>The first set that a write has changed, or tried to; null for none yet.</summary>
    public string? ChangedSet { get; protected set; }

    /// <summary>Runs the statements.</summary>
    protected Statements Statements => statements;

    /// <summary>Reads sets with their keys.</summary>
    protected KeySetSelect Select => select;

    /// <summary>
    /// Reads a key set with its keys in order, without private members; null if there is none with this id.
    /// </summary>
    public async ValueTask<TrustFrameworkKeySet?> FindAsync(string id)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.One, id);
        return await select.ReadAsync(rows, most: 1) is { Sets: [var set] } ? set : null;
    }

    /// <summary>
    /// Reads a key set that the transaction is going to change: no other can change it before it ends.
    /// </summary>
    /// <inheritdoc cref="FindAsync" />
    public virtual ValueTask<TrustFrameworkKeySet?> FindForUpdateAsync(string id) => FindAsync(id);

    /// <summary>Reads a page of sets in the order of their ids.</summary>
    /// <param name="after">The last id of the page before; empty for the first page.</param>
    /// <param name="most">The most sets of the page.</param>
    public virtual async ValueTask<KeySetPage> ReadPageAsync(string after, int most)
    {
        await using DbDataReader rows = await statements.ReadAsync(select.After, after);
        return await select.ReadAsync(rows, most);
    }

    /// <summary>Inserts a set with its keys, gives it its first revision, and records that.</summary>
    /// <returns>Whether there was none with this id. If there was one, nothing is changed.</returns>
    public virtual async Task<bool> InsertAsync(NewSet added)
    {
        added.Revise();
        (TrustFrameworkKeySet keySet, AuditEvent change) = (added.Stored.Set, added.Change);
        ChangedSet ??= keySet.Id;
        if (await statements.ExecuteAsync(InsertSet, keySet.Id, keySet.Revision) == 0)
        {
            return false;
        }

        await InsertKeysAsync(added.Stored);
        await RecordAsync(change);
        return true;
    }

    /// <summary>
    /// Gives a set a new revision, by one statement that finds the set only if its revision is still the checked one,
    /// and records what changes it.
    /// </summary>
    /// <param name="set">The set as it was read and checked. It gets the new revision.</param>
    /// <param name="change">What changes it.</param>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    /// <remarks>
    /// Every change of a set begins with this statement: it makes the promise of If-Match hold on any database, also on
    /// one where another write can come between the check and the change. The row stays locked until the transaction
    /// ends.
    /// </remarks>
    public async Task ReviseAsync(TrustFrameworkKeySet set, AuditEvent change)
    {
        Guid revision = Guid.NewGuid();
        change.Revision = revision;
        await ReviseAsync(change, before: set.Revision, after: revision);
        set.Revision = revision;
    }

    /// <summary>
    /// Deletes a set with its keys, if its revision is still the checked one, and records that.
    /// </summary>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    public Task DeleteAsync(TrustFrameworkKeySet set, AuditEvent change) => DeleteAsync(change, before: set.Revision);

    /// <summary>Puts other keys in the place of all keys of a set.</summary>
    public virtual async Task ReplaceKeysAsync(TrustFrameworkKeySet keySet, byte[]?[] sealedMembers)
    {
        await statements.ExecuteAsync(DeleteKeys, keySet.Id);
        await InsertKeysAsync(StoredSet.Of(keySet, sealedMembers));
    }

    /// <summary>Inserts a key after the last key of its set.</summary>
    public async Task AppendAsync(string keySetId, TrustFrameworkKey key, byte[]? sealedMembers)
    {
        int? last = await ReadOneAsync<int?>(LastOrdinal, keySetId);
        TrustFrameworkKeySet alone = new() { Id = keySetId, Keys = { key } };
        await InsertKeysAsync(new StoredSet(alone, [last + 1 ?? 0], [sealedMembers]));
    }

    /// <summary>Gives a key the certificates and dates that it has now.</summary>
    /// <param name="keySetId">The id of the set.</param>
    /// <param name="key">The key.</param>
    /// <param name="sealedMembers">The private members; null to keep those of the row.</param>
    public Task RenewAsync(string keySetId, TrustFrameworkKey key, byte[]? sealedMembers) => statements.ExecuteAsync(
        UpdateCertificates, keySetId, key.Kid, ValueOf(key.X5c), key.X5t, key.Nbf, key.Exp, sealedMembers);

    /// <summary>Gives a key another status.</summary>
    public Task SetStatusAsync(string keySetId, string kid, TrustFrameworkKeyStatus status) =>
        statements.ExecuteAsync(UpdateStatus, keySetId, kid, (int)status);

    /// <summary>Deletes a key.</summary>
    public Task DeleteKeyAsync(string keySetId, string kid) => statements.ExecuteAsync(DeleteKey, keySetId, kid);

    /// <summary>Gives the set of a change another revision, and records the change.</summary>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    protected virtual async Task ReviseAsync(AuditEvent change, Guid before, Guid after)
    {
        ChangedSet ??= change.KeySetId;
        RequireOne(await statements.ExecuteAsync(select.Revise, change.KeySetId, before, after));
        await RecordAsync(change);
    }

    /// <summary>Deletes the set of a change, and records the change.</summary>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    protected virtual async Task DeleteAsync(AuditEvent change, Guid before)
    {
        ChangedSet ??= change.KeySetId;
        RequireOne(await statements.ExecuteAsync(select.Delete, change.KeySetId, before));
        await RecordAsync(change);
    }

    /// <summary>Inserts the keys of a set.</summary>
    protected virtual async Task InsertKeysAsync(StoredSet stored)
    {
        foreach ((int index, TrustFrameworkKey key) in stored.Set.Keys.Index())
        {
            await statements.ExecuteAsync(
                InsertKey, stored.Set.Id, stored.Ordinals[index], key.Kid, key.Kty, key.Use, key.Nbf, key.Exp, key.N,
                key.E, key.X5t, ValueOf(key.X5c), (int)key.Status, stored.SealedMembers[index]);
        }
    }

    private async Task<T?> ReadOneAsync<T>(string sql, string keySetId, string? kid = null)
    {
        await using DbDataReader rows =
            await (kid is null ? statements.ReadAsync(sql, keySetId) : statements.ReadAsync(sql, keySetId, kid));
        return await rows.ReadAsync() && !await rows.IsDBNullAsync(0) ? await rows.GetFieldValueAsync<T>(0) : default;
    }

    /// <summary>Texts as a JSON array.</summary>
    protected static string JsonOf(IList<string> texts) => texts.Count == 0 ? "[]" : JsonSerializer.Serialize(texts);

    /// <summary>Texts as the value of a column.</summary>
    protected virtual object ValueOf(IList<string> texts) => JsonOf(texts);

    /// <summary>Requires that a statement has changed a set.</summary>
    /// <exception cref="RefusalException">503: it has changed none, since another write came between.</exception>
    protected static void RequireOne(int rows)
    {
        if (rows != 1)
        {
            throw Refusal.ChangedMeanwhile();
        }
    }
}

using KeySets.Api.Data.Audit;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <summary>
/// Checks a set as it is stored, without private members, before a write changes it; null if there is no such set. An
/// exception of the check is the answer to the client, and nothing is written.
/// </summary>
/// <exception cref="RefusalException">The write is refused.</exception>
public delegate void StoredCheck(TrustFrameworkKeySet? stored);

/// <summary>
/// The only writer of key sets. Once a method returns, its write is on disk. Each write reads the set, checks it, and
/// changes it only if it is still the set that was checked, so no change is lost, and records the change beside it. 503
/// and 507 say that the database is busy, lost or full, and that nothing was written.
/// </summary>
public sealed partial class KeySetStore(WriteScope writes, PrivateMembersProtector protector, TimeProvider time)
{
    /// <summary>Adds a key set and gives it its first revision.</summary>
    /// <exception cref="RefusalException">409: there is a set with this id.</exception>
    public async Task AddAsync(TrustFrameworkKeySet set, Author author)
    {
        if (!await writes.InsertAsync(New(set, author)))
        {
            throw Refusal.KeySetExists();
        }
    }

    /// <summary>
    /// Replaces the keys of a set, or adds the set if it does not exist. A key whose kid was there keeps its status:
    /// replacing the keys of a set never re-enables a disabled one. It also keeps its private members, if it is the
    /// same key (kty, n and e) and comes without any: clients send back what they have read.
    /// </summary>
    /// <param name="set">The set with its new keys.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="check">Checks the stored set.</param>
    /// <returns>Whether the set was added.</returns>
    /// <exception cref="RefusalException">The check refused.</exception>
    public Task<bool> PutAsync(TrustFrameworkKeySet set, Author author, StoredCheck check)
    {
        NewSet added = New(set, author);
        byte[]?[] sealedMembers = [.. added.Stored.SealedMembers];
        return writes.WriteAsync(async rows =>
        {
            TrustFrameworkKeySet? stored = await rows.FindForUpdateAsync(set.Id);
            check(stored);
            if (stored is null)
            {
                return await InsertMissingAsync(rows, added);
            }

            KeepStatus(stored, set);
            await rows.ReviseAsync(stored, Event(author, AuditOperations.ReplaceKeys, set.Id, set.Keys));
            set.Revision = stored.Revision;
            await rows.ReplaceKeysAsync(set, await KeepSealedAsync(rows, stored, set, sealedMembers));
            return false;
        });
    }

    /// <summary>Leaves a set as it is, or adds one without keys if there is none.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="check">Checks the stored set.</param>
    /// <returns>The set, and whether it was added.</returns>
    /// <exception cref="RefusalException">The check refused.</exception>
    public Task<(TrustFrameworkKeySet Set, bool Added)> EnsureAsync(string id, Author author, StoredCheck check) =>
        writes.WriteAsync(async rows =>
        {
            TrustFrameworkKeySet? stored = await rows.FindForUpdateAsync(id);
            check(stored);
            if (stored is not null)
            {
                return (stored, Added: false);
            }

            TrustFrameworkKeySet empty = new() { Id = id };
            return (empty, Added: await InsertMissingAsync(rows, New(empty, author)));
        });

    /// <summary>Removes a set with its keys.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="check">Checks the stored set, at least that it exists.</param>
    /// <exception cref="RefusalException">The check refused.</exception>
    public Task DeleteAsync(string id, Author author, StoredCheck check) => writes.WriteAsync(async rows =>
    {
        TrustFrameworkKeySet? set = await rows.FindForUpdateAsync(id);
        check(set);
        await rows.DeleteAsync(set!, Event(author, AuditOperations.DeleteKeySet, id, set!.Keys));
        return set;
    });

    /// <returns>True: the set was added.</returns>
    /// <exception cref="RefusalException">503: another write has added one.</exception>
    private static async Task<bool> InsertMissingAsync(KeySetRows rows, NewSet added) =>
        await rows.InsertAsync(added) ? true : throw Refusal.ChangedMeanwhile();

    private static void KeepStatus(TrustFrameworkKeySet stored, TrustFrameworkKeySet set)
    {
        Dictionary<string, TrustFrameworkKeyStatus> statuses =
            stored.Keys.ToDictionary(key => key.Kid!, key => key.Status, StringComparer.Ordinal);
        foreach (TrustFrameworkKey key in set.Keys)
        {
            key.Status = statuses.GetValueOrDefault(key.Kid!);
        }
    }

    private static async Task<byte[]?[]> KeepSealedAsync(
        KeySetRows rows, TrustFrameworkKeySet stored, TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        Dictionary<string, TrustFrameworkKey> known = stored.Keys.ToDictionary(key => key.Kid!, StringComparer.Ordinal);
        string[] kept =
        [
            .. set.Keys.Where((key, index) => sealedMembers[index] is null
                && known.TryGetValue(key.Kid!, out TrustFrameworkKey? same)
                && IsSame(same, key)).Select(key => key.Kid!),
        ];
        // What is sealed is bound to the set and the kid, which stay.
        byte[]?[] whole = [.. sealedMembers];
        foreach ((int index, TrustFrameworkKey key) in set.Keys.Index())
        {
            if (kept.Contains(key.Kid))
            {
                whole[index] = await rows.SealedMembersAsync(set.Id, key.Kid!);
            }
        }

        return whole;
    }

    private static bool IsSame(TrustFrameworkKey one, TrustFrameworkKey other) =>
        string.Equals(one.Kty, other.Kty, StringComparison.OrdinalIgnoreCase)
        && one.N == other.N
        && one.E == other.E;

    private NewSet New(TrustFrameworkKeySet set, Author author) => new(
        StoredSet.Of(set, [.. set.Keys.Select(key => Seal(set.Id, key))]),
        Event(author, AuditOperations.CreateKeySet, set.Id, set.Keys));

    private AuditEvent Event(Author author, string operation, string id, IEnumerable<TrustFrameworkKey> keys) =>
        author.Event(operation, id, keys.Select(key => key.Kid!), time);

    private byte[]? Seal(string keySetId, TrustFrameworkKey key) =>
        PrivateMembers.Of(key) is { } members ? protector.Seal(keySetId, key.Kid!, members) : null;
}

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
public sealed class KeySetStore(WriteScope writes, PrivateMembersProtector protector, TimeProvider time)
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

    /// <summary>Adds a key to the end of a set.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="key">The key.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="check">Checks the stored set, at least that it exists.</param>
    /// <returns>The set with its keys, of which only the new one has private members.</returns>
    /// <exception cref="RefusalException">The check refused.</exception>
    public Task<TrustFrameworkKeySet> AppendAsync(
        string id, TrustFrameworkKey key, Author author, StoredCheck check)
    {
        byte[]? sealedMembers = Seal(id, key);
        return ChangeAsync(id, check, _ => Event(author, AuditOperations.AddKey, id, [key]), async (rows, set) =>
        {
            await rows.AppendAsync(id, key, sealedMembers);
            set.Keys.Add(key);
        });
    }

    /// <summary>
    /// Adds a key with its certificates to the end of a set. If the set has the key already, it gets the new
    /// certificates and dates: kid, use, place and status stay, and so does the private part, unless the new key has
    /// one.
    /// </summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="key">The key.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="find">Finds the key among the keys of the set; null if it is not there.</param>
    /// <param name="check">Checks the stored set, at least that it exists.</param>
    /// <returns>The set with its keys, and the key that was added or renewed.</returns>
    /// <exception cref="RefusalException">The check refused.</exception>
    public async Task<(TrustFrameworkKeySet Set, TrustFrameworkKey Key)> AppendOrRenewAsync(
        string id,
        TrustFrameworkKey key,
        Author author,
        Func<IEnumerable<TrustFrameworkKey>, TrustFrameworkKey?> find,
        StoredCheck check)
    {
        AuditEvent Change(TrustFrameworkKeySet set) => find(set.Keys) is { } known
            ? Event(author, AuditOperations.RenewKey, id, [known])
            : Event(author, AuditOperations.AddKey, id, [key]);
        TrustFrameworkKeySet changed = await ChangeAsync(id, check, Change, async (rows, set) =>
        {
            if (find(set.Keys) is { } known)
            {
                Renew(known, key);
                await rows.RenewAsync(
                    id, known, PrivateMembers.Of(key) is { } members ? protector.Seal(id, known.Kid!, members) : null);
            }
            else
            {
                await rows.AppendAsync(id, key, Seal(id, key));
                set.Keys.Add(key);
            }
        });
        return (changed, find(changed.Keys)!);
    }

    /// <summary>Enables or disables a key.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="kid">The kid of the key.</param>
    /// <param name="status">The new status; null to keep the status.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="check">Checks the stored set, at least that it has the key.</param>
    /// <returns>The set with its keys, without private members.</returns>
    /// <exception cref="RefusalException">The check refused.</exception>
    public Task<TrustFrameworkKeySet> SetStatusAsync(
        string id, string kid, TrustFrameworkKeyStatus? status, Author author, StoredCheck check)
    {
        AuditEvent Change(TrustFrameworkKeySet set)
        {
            TrustFrameworkKey key = Key(set);
            return Event(author, key.Status == (status ?? key.Status) ? AuditOperations.UpdateKey
                : status == TrustFrameworkKeyStatus.Enabled ? AuditOperations.EnableKey
                : AuditOperations.DisableKey, id, [key]);
        }

        return ChangeAsync(id, check, Change, async (rows, set) =>
        {
            TrustFrameworkKey key = Key(set);
            key.Status = status ?? key.Status;
            await rows.SetStatusAsync(id, kid, key.Status);
        });

        TrustFrameworkKey Key(TrustFrameworkKeySet set) => set.Keys.Single(key => key.Kid == kid);
    }

    /// <summary>Removes a key from its set. The others keep their places.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="kid">The kid of the key.</param>
    /// <param name="author">Who asks for it.</param>
    /// <param name="check">Checks the stored set, at least that it has the key.</param>
    /// <exception cref="RefusalException">The check refused.</exception>
    public Task RemoveKeyAsync(string id, string kid, Author author, StoredCheck check) => ChangeAsync(
        id,
        check,
        _ => author.Event(AuditOperations.RemoveKey, id, [kid], time),
        (rows, _) => rows.DeleteKeyAsync(id, kid));

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

    /// <summary>Changes the keys of a set. The change gives the set a new revision.</summary>
    private Task<TrustFrameworkKeySet> ChangeAsync(
        string id,
        StoredCheck check,
        Func<TrustFrameworkKeySet, AuditEvent> record,
        Func<KeySetRows, TrustFrameworkKeySet, Task> change) =>
        writes.WriteAsync(async rows =>
        {
            TrustFrameworkKeySet? set = await rows.FindForUpdateAsync(id);
            check(set);
            await rows.ReviseAsync(set!, record(set!));
            await change(rows, set!);
            return set!;
        });

    /// <returns>True: the set was added.</returns>
    /// <exception cref="RefusalException">503: another write has added one.</exception>
    private static async Task<bool> InsertMissingAsync(KeySetRows rows, NewSet added) =>
        await rows.InsertAsync(added) ? true : throw Refusal.ChangedMeanwhile();

    private static void Renew(TrustFrameworkKey known, TrustFrameworkKey key)
    {
        known.X5c.Clear();
        foreach (string certificate in key.X5c)
        {
            known.X5c.Add(certificate);
        }

        (known.X5t, known.Nbf, known.Exp) = (key.X5t, key.Nbf, key.Exp);
    }

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

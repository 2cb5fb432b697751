using KeySets.Api.Data.Audit;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <content>Changes of single keys.</content>
public sealed partial class KeySetStore
{
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

    private static void Renew(TrustFrameworkKey known, TrustFrameworkKey key)
    {
        known.X5c.Clear();
        foreach (string certificate in key.X5c)
        {
            known.X5c.Add(certificate);
        }

        (known.X5t, known.Nbf, known.Exp) = (key.X5t, key.Nbf, key.Exp);
    }
}

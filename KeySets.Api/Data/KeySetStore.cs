using System.Security.Cryptography;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data;

/// <summary>
/// Looks at a set as it is stored, without private members, or at null where there is none, before a write changes it. What it
/// throws is what the client is told, and nothing is written.
/// </summary>
/// <exception cref="RefusalException">The write is refused.</exception>
public delegate void StoredCheck(TrustFrameworkKeySet? stored);

/// <summary>
/// The only writer of key sets. What it has answered is on disk. Each write sees the set as it is, checks it and changes it
/// while nobody else writes, so no change is lost. 503 and 507 say that the database is busy or full, and nothing was written.
/// </summary>
public sealed class KeySetStore(WriteQueue writes, PrivateMembersProtector protector)
{
    /// <summary>Adds a key set and gives it its first revision.</summary>
    /// <exception cref="RefusalException">409: there is a set with this id.</exception>
    public Task AddAsync(TrustFrameworkKeySet set)
    {
        byte[]?[] sealedMembers = Seal(set);
        return writes.RunAsync(async context =>
        {
            // Nobody else writes until this transaction ends, so what is not there now will not be there at the insert.
            if (await context.Set<TrustFrameworkKeySet>().AnyAsync(other => other.Id == set.Id))
            {
                throw Refusal.KeySetExists();
            }

            await context.InsertAsync(set, sealedMembers);
        });
    }

    /// <summary>
    /// Puts keys in the place of those that a set has, or adds the set where there is none. A key whose kid was there keeps its status:
    /// who changes a set without knowing of that does not enable again what somebody has disabled.
    /// </summary>
    /// <param name="set">The set with its new keys.</param>
    /// <param name="check">What must hold of the set before.</param>
    /// <returns>Whether the set was added.</returns>
    /// <exception cref="RefusalException">What the check refuses.</exception>
    public async Task<bool> PutAsync(TrustFrameworkKeySet set, StoredCheck check)
    {
        byte[]?[] sealedMembers = Seal(set);
        bool added = false;
        await writes.RunAsync(async context =>
        {
            TrustFrameworkKeySet? stored = await context.FindKeySetAsync(set.Id);
            check(stored);
            added = stored is null;
            if (stored is not null)
            {
                KeepStatus(stored, set);
                await context.KeySet(set.Id).ExecuteDeleteAsync();
            }

            await context.InsertAsync(set, sealedMembers);
        });
        return added;
    }

    /// <summary>Leaves a set as it is, or adds one without keys where there is none.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="check">What must hold of the set before.</param>
    /// <returns>The set, and whether it was added.</returns>
    /// <exception cref="RefusalException">What the check refuses.</exception>
    public async Task<(TrustFrameworkKeySet Set, bool Added)> EnsureAsync(string id, StoredCheck check)
    {
        TrustFrameworkKeySet? stored = null;
        TrustFrameworkKeySet empty = new() { Id = id };
        await writes.RunAsync(async context =>
        {
            stored = await context.FindKeySetAsync(id);
            check(stored);
            if (stored is null)
            {
                await context.InsertAsync(empty, []);
            }
        });
        return (stored ?? empty, stored is null);
    }

    /// <summary>Adds a key to the end of a set.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="key">The key.</param>
    /// <param name="check">What must hold of the set before: at least that it is there.</param>
    /// <returns>The set with its keys, of which only the new one has private members.</returns>
    /// <exception cref="RefusalException">What the check refuses.</exception>
    public async Task<TrustFrameworkKeySet> AppendAsync(string id, TrustFrameworkKey key, StoredCheck check)
    {
        byte[]? sealedMembers = Seal(id, key);
        return await ChangeAsync(id, check, async (context, set) =>
        {
            context.Add(id, key, await context.NextOrdinalAsync(id), sealedMembers);
            set.Keys.Add(key);
            await context.SaveChangesAsync();
        });
    }

    /// <summary>Enables or disables a key.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="kid">The kid of the key.</param>
    /// <param name="status">The status that it gets; null for the one that it has.</param>
    /// <param name="check">What must hold of the set before: at least that it has the key.</param>
    /// <returns>The set with its keys, without private members.</returns>
    /// <exception cref="RefusalException">What the check refuses.</exception>
    public Task<TrustFrameworkKeySet> SetStatusAsync(string id, string kid, TrustFrameworkKeyStatus? status, StoredCheck check) =>
        ChangeAsync(id, check, async (context, set) =>
        {
            TrustFrameworkKey key = set.Keys.Single(key => key.Kid == kid);
            key.Status = status ?? key.Status;
            await context.Key(id, kid).ExecuteUpdateAsync(row => row.SetProperty(stored => stored.Status, key.Status));
        });

    /// <summary>Removes a key from its set. The others keep their places.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="kid">The kid of the key.</param>
    /// <param name="check">What must hold of the set before: at least that it has the key.</param>
    /// <exception cref="RefusalException">What the check refuses.</exception>
    public Task RemoveKeyAsync(string id, string kid, StoredCheck check) =>
        ChangeAsync(id, check, (context, _) => context.Key(id, kid).ExecuteDeleteAsync());

    /// <summary>Removes a set with its keys.</summary>
    /// <param name="id">The id of the set.</param>
    /// <param name="check">What must hold of the set before.</param>
    /// <exception cref="RefusalException">What the check refuses.</exception>
    public Task DeleteAsync(string id, StoredCheck check) => writes.RunAsync(async context =>
    {
        check(await context.FindKeySetAsync(id));
        await context.KeySet(id).ExecuteDeleteAsync();
    });

    /// <summary>Keeps all that some work writes by this store, or nothing of it.</summary>
    /// <param name="work">Writes, and returns whether to keep what it has written. It is run once.</param>
    public Task AllOrNothingAsync(Func<Task<bool>> work) => writes.RunAllOrNothingAsync(work);

    /// <summary>Opens a sealed row, so that a database is never used with another key ring than its own.</summary>
    /// <exception cref="CryptographicException">The key ring does not open what the database holds.</exception>
    public async Task VerifyKeyRingAsync(KeySetsDbContext context)
    {
        var row = await context.Set<TrustFrameworkKey>()
            .Select(key => new
            {
                key.Kid,
                KeySetId = EF.Property<string>(key, KeySetsDbContext.KeySetId),
                SealedMembers = EF.Property<byte[]?>(key, KeySetsDbContext.SealedMembers),
            })
            .FirstOrDefaultAsync(key => key.SealedMembers != null);
        if (row is not null)
        {
            protector.Unseal(row.KeySetId, row.Kid!, row.SealedMembers!);
        }
    }

    /// <summary>Changes keys of a set, which gets a new revision by it.</summary>
    private async Task<TrustFrameworkKeySet> ChangeAsync(string id, StoredCheck check, Func<KeySetsDbContext, TrustFrameworkKeySet, Task> change)
    {
        TrustFrameworkKeySet? changed = null;
        await writes.RunAsync(async context =>
        {
            TrustFrameworkKeySet? set = await context.FindKeySetAsync(id);
            check(set);
            await change(context, set!);
            set!.Revision = Guid.NewGuid();
            await context.KeySet(id).ExecuteUpdateAsync(row => row.SetProperty(stored => stored.Revision, set.Revision));
            changed = set;
        });
        return changed!;
    }

    private static void KeepStatus(TrustFrameworkKeySet stored, TrustFrameworkKeySet set)
    {
        Dictionary<string, TrustFrameworkKeyStatus> statuses = stored.Keys.ToDictionary(key => key.Kid!, key => key.Status, StringComparer.Ordinal);
        foreach (TrustFrameworkKey key in set.Keys)
        {
            key.Status = statuses.GetValueOrDefault(key.Kid!);
        }
    }

    private byte[]?[] Seal(TrustFrameworkKeySet set) => [.. set.Keys.Select(key => Seal(set.Id, key))];

    private byte[]? Seal(string keySetId, TrustFrameworkKey key) =>
        PrivateMembers.Of(key) is { } members ? protector.Seal(keySetId, key.Kid!, members) : null;
}

using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace KeySets.Api.Data;

/// <summary>The statements that write the rows of sets and keys.</summary>
public static class KeySetRows
{
    /// <summary>Inserts a set with its keys, and gives it its first revision.</summary>
    public static async Task InsertAsync(
        this KeySetsDbContext context, TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        set.Revision = Guid.NewGuid();
        // The set and its keys one by one: adding the set as a graph would track the keys before they have their
        // ordinals.
        EntityEntry<TrustFrameworkKeySet> entry = context.Entry(set);
        context.Write(entry, nameof(TrustFrameworkKeySet.Revision));
        entry.State = EntityState.Added;
        context.AddKeys(set, sealedMembers);
        await context.SaveChangesAsync();
    }

    /// <summary>
    /// Gives a set a new revision, by one statement that finds the set only if its revision is still the checked one.
    /// </summary>
    /// <param name="context">The context of the write.</param>
    /// <param name="set">The set as it was read and checked. It gets the new revision.</param>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    /// <remarks>
    /// Every change of a set begins with this statement: it makes the promise of If-Match hold on any database, also on
    /// one where another write can come between the check and the change. The row stays locked until the transaction
    /// ends.
    /// </remarks>
    public static async Task ReviseAsync(this KeySetsDbContext context, TrustFrameworkKeySet set)
    {
        Guid revision = Guid.NewGuid();
        string written = context.WrittenBy(nameof(TrustFrameworkKeySet.Revision));
        RequireOne(await context.Checked(set).ExecuteUpdateAsync(row =>
            row.SetProperty(stored => EF.Property<Guid>(stored, written), revision)));
        set.Revision = revision;
    }

    /// <summary>Deletes a set with its keys, if its revision is still the checked one.</summary>
    /// <exception cref="RefusalException">503: another write came between. Nothing was changed.</exception>
    public static async Task DeleteAsync(this KeySetsDbContext context, TrustFrameworkKeySet set) =>
        RequireOne(await context.Checked(set).ExecuteDeleteAsync());

    /// <summary>Puts other keys in the place of all keys of a set.</summary>
    public static async Task ReplaceKeysAsync(
        this KeySetsDbContext context, TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        await context.KeysOf(set.Id).ExecuteDeleteAsync();
        context.AddKeys(set, sealedMembers);
        await context.SaveChangesAsync();
    }

    /// <summary>Inserts a key after the last key of its set.</summary>
    public static async Task AppendAsync(
        this KeySetsDbContext context, string keySetId, TrustFrameworkKey key, byte[]? sealedMembers)
    {
        // After the greatest ordinal, not at the number of keys: removed keys leave gaps.
        int? last =
            await context.KeysOf(keySetId).MaxAsync(stored => (int?)EF.Property<int>(stored, KeySetsDbContext.Ordinal));
        context.Add(keySetId, key, last + 1 ?? 0, sealedMembers);
        await context.SaveChangesAsync();
    }

    /// <summary>Gives a key the certificates and dates that it has now.</summary>
    /// <param name="context">The context of the write.</param>
    /// <param name="keySetId">The id of the set.</param>
    /// <param name="key">The key.</param>
    /// <param name="sealedMembers">The private members; null to keep those of the row.</param>
    public static Task RenewAsync(
        this KeySetsDbContext context, string keySetId, TrustFrameworkKey key, byte[]? sealedMembers)
    {
        string x5c = context.WrittenBy(nameof(TrustFrameworkKey.X5c));
        return context.Key(keySetId, key.Kid!).ExecuteUpdateAsync(row =>
        {
            row.SetProperty(stored => EF.Property<IList<string>>(stored, x5c), key.X5c);
            row.SetProperty(stored => stored.X5t, key.X5t);
            row.SetProperty(stored => stored.Nbf, key.Nbf);
            row.SetProperty(stored => stored.Exp, key.Exp);
            if (sealedMembers is not null)
            {
                row.SetProperty(
                    stored => EF.Property<byte[]?>(stored, KeySetsDbContext.SealedMembers), sealedMembers);
            }
        });
    }

    /// <summary>Gives a key another status.</summary>
    public static Task SetStatusAsync(
        this KeySetsDbContext context, string keySetId, string kid, TrustFrameworkKeyStatus status)
    {
        string written = context.WrittenBy(nameof(TrustFrameworkKey.Status));
        return context.Key(keySetId, kid).ExecuteUpdateAsync(row =>
            row.SetProperty(stored => EF.Property<TrustFrameworkKeyStatus>(stored, written), status));
    }

    /// <summary>
    /// The sealed private members of some keys of a set, by their kids; null for a key that has none.
    /// </summary>
    public static Task<Dictionary<string, byte[]?>> SealedMembersAsync(
        this KeySetsDbContext context, string keySetId, string[] kids) =>
        context.KeysOf(keySetId)
            .Where(key => kids.Contains(key.Kid!))
            .Select(key => new { key.Kid, Sealed = EF.Property<byte[]?>(key, KeySetsDbContext.SealedMembers) })
            .ToDictionaryAsync(row => row.Kid!, row => row.Sealed, StringComparer.Ordinal);

    /// <summary>The row of a key.</summary>
    public static IQueryable<TrustFrameworkKey> Key(this KeySetsDbContext context, string keySetId, string kid) =>
        context.KeysOf(keySetId).Where(key => key.Kid == kid);

    private static IQueryable<TrustFrameworkKey> KeysOf(this KeySetsDbContext context, string keySetId) =>
        context.Set<TrustFrameworkKey>().Where(key => EF.Property<string>(key, KeySetsDbContext.KeySetId) == keySetId);

    private static IQueryable<TrustFrameworkKeySet> Checked(this KeySetsDbContext context, TrustFrameworkKeySet set) =>
        context.Set<TrustFrameworkKeySet>().Where(stored => stored.Id == set.Id && stored.Revision == set.Revision);

    private static void RequireOne(int rows)
    {
        if (rows != 1)
        {
            throw Refusal.StorageBusy();
        }
    }

    private static void AddKeys(this KeySetsDbContext context, TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        foreach ((int ordinal, TrustFrameworkKey key) in set.Keys.Index())
        {
            context.Add(set.Id, key, ordinal, sealedMembers[ordinal]);
        }
    }

    private static void Add(
        this KeySetsDbContext context, string keySetId, TrustFrameworkKey key, int ordinal, byte[]? sealedMembers)
    {
        EntityEntry<TrustFrameworkKey> entry = context.Entry(key);
        entry.Property(KeySetsDbContext.KeySetId).CurrentValue = keySetId;
        entry.Property(KeySetsDbContext.Ordinal).CurrentValue = ordinal;
        entry.Property(KeySetsDbContext.SealedMembers).CurrentValue = sealedMembers;
        context.Write(entry, nameof(TrustFrameworkKey.X5c));
        context.Write(entry, nameof(TrustFrameworkKey.Status));
        entry.State = EntityState.Added;
    }

    private static void Write(this KeySetsDbContext context, EntityEntry entry, string name)
    {
        string written = context.WrittenBy(name);
        if (written != name)
        {
            entry.Property(written).CurrentValue = entry.Property(name).CurrentValue;
        }
    }
}

using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace KeySets.Api.Data;

/// <summary>The rows of a set and of its keys, for those who write them.</summary>
public static class KeySetRows
{
    /// <summary>The row of a set. The rows of its keys go with it.</summary>
    public static IQueryable<TrustFrameworkKeySet> KeySet(this KeySetsDbContext context, string id) =>
        context.Set<TrustFrameworkKeySet>().Where(set => set.Id == id);

    /// <summary>The row of a key.</summary>
    public static IQueryable<TrustFrameworkKey> Key(this KeySetsDbContext context, string id, string kid) =>
        context.Set<TrustFrameworkKey>().Where(key => EF.Property<string>(key, KeySetsDbContext.KeySetId) == id && key.Kid == kid);

    /// <summary>The place of the next key of a set, which is after the last: a number of keys would not tell, since keys are removed.</summary>
    public static async Task<int> NextOrdinalAsync(this KeySetsDbContext context, string id) =>
        (await context.KeySet(id).SelectMany(set => set.Keys).MaxAsync(key => (int?)EF.Property<int>(key, KeySetsDbContext.Ordinal)) ?? -1) + 1;

    /// <summary>Writes a new set with its keys, and gives it a revision.</summary>
    public static async Task InsertAsync(this KeySetsDbContext context, TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        // One by one: adding the set with its keys in one call would track the keys before they have their ordinals.
        set.Revision = Guid.NewGuid();
        context.Entry(set).State = EntityState.Added;
        foreach ((int ordinal, TrustFrameworkKey key) in set.Keys.Index())
        {
            context.Add(set.Id, key, ordinal, sealedMembers[ordinal]);
        }

        await context.SaveChangesAsync();
    }

    /// <summary>Lets the next save write a new key.</summary>
    public static void Add(this KeySetsDbContext context, string keySetId, TrustFrameworkKey key, int ordinal, byte[]? sealedMembers)
    {
        EntityEntry<TrustFrameworkKey> entry = context.Entry(key);
        entry.Property(KeySetsDbContext.KeySetId).CurrentValue = keySetId;
        entry.Property(KeySetsDbContext.Ordinal).CurrentValue = ordinal;
        entry.Property(KeySetsDbContext.SealedMembers).CurrentValue = sealedMembers;
        entry.State = EntityState.Added;
    }
}

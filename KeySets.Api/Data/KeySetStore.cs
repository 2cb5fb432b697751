using System.Security.Cryptography;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace KeySets.Api.Data;

/// <summary>The only writer of key sets. What it has answered is on disk.</summary>
public sealed class KeySetStore(WriteQueue writes, PrivateMembersProtector protector)
{
    /// <summary>Adds a key set and gives it its first revision.</summary>
    /// <exception cref="RefusalException">409: there is a set with this id; 503, 507: the database is busy or full. Nothing was stored.</exception>
    public Task AddAsync(TrustFrameworkKeySet set)
    {
        set.Revision = Guid.NewGuid();
        byte[]?[] sealedMembers = [.. set.Keys.Select(key => Seal(set.Id, key))];
        return writes.RunAsync(async context =>
        {
            // Nobody else writes until this transaction ends, so what is not there now will not be there at the insert.
            if (await context.Set<TrustFrameworkKeySet>().AnyAsync(other => other.Id == set.Id))
            {
                throw Refusal.KeySetExists();
            }

            Insert(context, set, sealedMembers);
            await context.SaveChangesAsync();
        });
    }

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

    private static void Insert(KeySetsDbContext context, TrustFrameworkKeySet set, byte[]?[] sealedMembers)
    {
        // One by one: adding the set with its keys in one call would track the keys before they have their ordinals.
        context.Entry(set).State = EntityState.Added;
        foreach ((int ordinal, TrustFrameworkKey key) in set.Keys.Index())
        {
            EntityEntry<TrustFrameworkKey> entry = context.Entry(key);
            entry.Property(KeySetsDbContext.KeySetId).CurrentValue = set.Id;
            entry.Property(KeySetsDbContext.Ordinal).CurrentValue = ordinal;
            entry.Property(KeySetsDbContext.SealedMembers).CurrentValue = sealedMembers[ordinal];
            entry.State = EntityState.Added;
        }
    }

    private byte[]? Seal(string keySetId, TrustFrameworkKey key) =>
        PrivateMembers.Of(key) is { } members ? protector.Seal(keySetId, key.Kid!, members) : null;
}

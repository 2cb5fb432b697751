using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeySets.Api.Data;

/// <summary>
/// The tables: a row per key set and a row per key. The id of the set comes first in the key of both, so that they can be
/// distributed by it. Private members are sealed in one column and have none of their own: no query can reach what is not mapped.
/// </summary>
public sealed class KeySetsDbContext(DbContextOptions<KeySetsDbContext> options) : DbContext(options)
{
    /// <summary>The column of a key that holds the id of its set.</summary>
    public const string KeySetId = nameof(KeySetId);

    /// <summary>The column of a key that holds its place in its set, from 0.</summary>
    public const string Ordinal = nameof(Ordinal);

    /// <summary>The column of a key that holds its sealed private members; null where it has none.</summary>
    public const string SealedMembers = nameof(SealedMembers);

    private static readonly Func<KeySetsDbContext, string, Task<TrustFrameworkKeySet?>> FindQuery =
        EF.CompileAsyncQuery((KeySetsDbContext context, string id) => context.Set<TrustFrameworkKeySet>()
            .AsNoTracking()
            .Include(set => set.Keys.OrderBy(key => EF.Property<int>(key, Ordinal)))
            .SingleOrDefault(set => set.Id == id));

    /// <summary>Reads a key set with its keys in order, without private members; null where there is none with this id.</summary>
    public Task<TrustFrameworkKeySet?> FindKeySetAsync(string id) => FindQuery(this, id);

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TrustFrameworkKeySet>(MapKeySet);
        modelBuilder.Entity<TrustFrameworkKey>(MapKey);
    }

    private static void MapKeySet(EntityTypeBuilder<TrustFrameworkKeySet> keySet)
    {
        keySet.ToTable("KeySets").HasKey(set => set.Id);
        keySet.Property(set => set.Revision).IsConcurrencyToken();
        keySet.Ignore(set => set.KeysV2);
        keySet.HasMany(set => set.Keys).WithOne().HasForeignKey(KeySetId);
    }

    private static void MapKey(EntityTypeBuilder<TrustFrameworkKey> key)
    {
        key.ToTable("Keys");
        key.Property<int>(Ordinal).ValueGeneratedNever();
        key.Property<string>(KeySetId);
        key.HasKey(KeySetId, Ordinal);
        key.HasIndex(KeySetId, nameof(TrustFrameworkKey.Kid)).IsUnique();
        key.Property(member => member.Kid).IsRequired();
        key.PrimitiveCollection(member => member.X5c);
        key.Property<byte[]?>(SealedMembers);
        key.Ignore(member => member.K).Ignore(member => member.D).Ignore(member => member.P).Ignore(member => member.Q);
        key.Ignore(member => member.Dp).Ignore(member => member.Dq).Ignore(member => member.Qi);
    }
}

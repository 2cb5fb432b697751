using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>The tables in PostgreSQL.</summary>
/// <remarks>
/// Each primary and each unique key begins with the id of a set, no column has a sequence, and no constraint reaches
/// beyond a set: so the tables can be distributed by that id.
/// </remarks>
public sealed class PostgreSqlContext(DbContextOptions<PostgreSqlContext> options) : KeySetsDbContext(options)
{
    /// <summary>The table with a row for each write that was committed, and for each that never will be.</summary>
    public const string Writes = nameof(Writes);

    /// <summary>The table of the key ring.</summary>
    public const string KeyRing = nameof(KeyRing);

    private const string ByCodePoint = "C";

    /// <inheritdoc />
    protected override string LowerFunction => CaseFunctions.Lower;

    /// <inheritdoc />
    protected override string UpperFunction => CaseFunctions.Upper;

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<TrustFrameworkKey>().PrimitiveCollection(key => key.X5c).IsRequired();
        modelBuilder.Entity<TrustFrameworkKey>().Metadata.FindProperty(nameof(TrustFrameworkKey.X5c))!
            .SetCollation(ByCodePoint);
        modelBuilder.Entity<AuditEvent>().PrimitiveCollection(one => one.Kids).IsRequired();
        modelBuilder.Entity<AuditEvent>().Metadata.FindProperty(nameof(AuditEvent.Kids))!.SetCollation(ByCodePoint);
        modelBuilder.SharedTypeEntity<Dictionary<string, object>>(Writes, MapWrites);
        modelBuilder.SharedTypeEntity<Dictionary<string, object>>(KeyRing, MapKeyRing);
    }

    /// <inheritdoc />
    /// <remarks>Texts are ordered by their code points, whatever the collation of the database is.</remarks>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<string>().UseCollation(ByCodePoint);

    private static void MapWrites(EntityTypeBuilder<Dictionary<string, object>> write)
    {
        write.ToTable(Writes);
        write.IndexerProperty<string>("KeySetId");
        write.IndexerProperty<Guid>("Id");
        write.IndexerProperty<bool>("IsCommitted");
        write.IndexerProperty<DateTime>("At");
        write.IndexerProperty<string[]>("Added").IsRequired().HasDefaultValueSql("'{}'");
        write.HasKey("KeySetId", "Id");
        write.HasIndex("At");
    }

    private static void MapKeyRing(EntityTypeBuilder<Dictionary<string, object>> element)
    {
        element.ToTable(KeyRing);
        element.IndexerProperty<string>("Name");
        element.IndexerProperty<string>("Xml").IsRequired();
        element.HasKey("Name");
    }
}

using System.Reflection;
using KeySets.Api.Data.Audit;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeySets.Api.Data;

/// <summary>
/// The tables: a row per key set and a row per key. The primary keys of both begin with the id of the set, so that the
/// rows can be distributed by it. The private members of a key are sealed in one column and have no columns of their
/// own: a query cannot reach what is not mapped.
/// </summary>
/// <param name="options">Options of the derived context.</param>
public abstract class KeySetsDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>The column of a key that holds the id of its set.</summary>
    public const string KeySetId = nameof(KeySetId);

    /// <summary>The column of a key that holds its place in its set, from 0.</summary>
    public const string Ordinal = nameof(Ordinal);

    /// <summary>The column of a key that holds its sealed private members; null if the key has none.</summary>
    public const string SealedMembers = nameof(SealedMembers);

    /// <summary>The table of audit events.</summary>
    public const string AuditEvents = nameof(AuditEvents);

    /// <summary>The table of the answers to repeatable requests.</summary>
    public const string RepeatableRequests = nameof(RepeatableRequests);

    /// <summary>The name of the SQL function behind <see cref="TextCase.ToLower"/>.</summary>
    protected abstract string LowerFunction { get; }

    /// <summary>The name of the SQL function behind <see cref="TextCase.ToUpper"/>.</summary>
    protected abstract string UpperFunction { get; }

    /// <summary>Leaves the log of failures to the service.</summary>
    /// <remarks>
    /// The service logs each failure that it answers with 5xx, with its cause, and prints one line for a failed start.
    /// EF Core would write the same exception before, with a stack trace each time.
    /// </remarks>
    public static void LogOnce(WarningsConfigurationBuilder warnings) => warnings.Log(
        (RelationalEventId.CommandError, LogLevel.Debug),
        (RelationalEventId.ConnectionError, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug));

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TrustFrameworkKeySet>(MapKeySet);
        modelBuilder.Entity<TrustFrameworkKey>(MapKey);
        modelBuilder.SharedTypeEntity<Dictionary<string, object>>(RepeatableRequests, MapRequest);
        modelBuilder.Entity<AuditEvent>(MapEvent);
        modelBuilder.Entity<AuditCheckpoint>(MapCheckpoint);
        modelBuilder.Entity<ChainHead>().ToTable("AuditTrimmedChains").HasKey(head => head.KeySetId);
        MapFunction(modelBuilder, TextCase.LowerMethod, LowerFunction);
        MapFunction(modelBuilder, TextCase.UpperMethod, UpperFunction);
    }

    private static void MapKeySet(EntityTypeBuilder<TrustFrameworkKeySet> keySet)
    {
        keySet.ToTable("KeySets").HasKey(set => set.Id);
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
        // For queries that ask which sets have a key with a kid. The index holds all that they need.
        key.HasIndex(nameof(TrustFrameworkKey.Kid), KeySetId);
        key.Property(member => member.Kid).IsRequired();
        key.PrimitiveCollection(member => member.X5c);
        key.Property<byte[]?>(SealedMembers);
        foreach (PropertyInfo member in PrivateMembers.Properties)
        {
            key.Ignore(member.Name);
        }
    }

    private static void MapRequest(EntityTypeBuilder<Dictionary<string, object>> request)
    {
        request.ToTable(RepeatableRequests);
        request.IndexerProperty<string>(KeySetId);
        request.IndexerProperty<Guid>("Id");
        request.IndexerProperty<long>("At");
        request.IndexerProperty<byte[]>("Answer").IsRequired();
        request.HasKey(KeySetId, "Id");
        // A client can use an id twice, for different sets.
        request.HasIndex("Id");
        request.HasIndex("At");
    }

    private static void MapEvent(EntityTypeBuilder<AuditEvent> one)
    {
        one.ToTable(AuditEvents);
        one.HasKey(member => new { member.KeySetId, member.Sequence });
        one.Property(member => member.Sequence).ValueGeneratedNever();
        one.Property(member => member.At)
            .HasConversion(at => at.ToUnixTimeMilliseconds(), at => DateTimeOffset.FromUnixTimeMilliseconds(at));
        one.PrimitiveCollection(member => member.Kids);
        one.HasIndex(member => member.At);
    }

    private static void MapCheckpoint(EntityTypeBuilder<AuditCheckpoint> checkpoint)
    {
        checkpoint.ToTable("AuditCheckpoints");
        checkpoint.HasKey(member => member.Number);
        checkpoint.Property(member => member.Number).ValueGeneratedNever();
    }

    private static void MapFunction(ModelBuilder modelBuilder, MethodInfo method, string name) =>
        modelBuilder.HasDbFunction(method).HasName(name).IsBuiltIn().HasParameter("text").PropagatesNullability();
}

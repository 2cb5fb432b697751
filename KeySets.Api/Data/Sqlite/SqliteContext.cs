using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The tables in SQLite.</summary>
/// <remarks>
/// SQLite keeps any value in any column. So that a damaged one costs itself, and not each page that has its set on it,
/// what a value must be is read through a generated column, which holds a harmless value in place of what nobody could
/// read (https://www.sqlite.org/gencol.html).
/// </remarks>
public sealed class SqliteContext(DbContextOptions<SqliteContext> options) : KeySetsDbContext(options)
{
    // A JSON array of texts without quotes, as EF Core writes it. None of these functions fails, whatever they get.
    private const string ReadableX5c =
        """
        CASE WHEN "X5c" = '[]' THEN "X5c"
            WHEN typeof("X5c") = 'text' AND json_valid("X5c") AND "X5c" GLOB '[[]"*"]'
            AND instr(replace(substr("X5c", 3, length("X5c") - 4), '","', ''), '"') = 0
            THEN "X5c" ELSE '[]' END
        """;

    private const string FourDigits = "[0-9A-F][0-9A-F][0-9A-F][0-9A-F]";

    private const string GuidPattern =
        $"{FourDigits}{FourDigits}-{FourDigits}-{FourDigits}-{FourDigits}-{FourDigits}{FourDigits}{FourDigits}";

    private const string ReadableRevision =
        $"""
        CASE WHEN "Revision" GLOB '{GuidPattern}' THEN "Revision" ELSE '00000000-0000-0000-0000-000000000000' END
        """;

    // A key of which nobody can say that it is enabled is disabled.
    private const string ReadableStatus = """CASE WHEN "Status" = 0 THEN 0 ELSE 1 END""";

    /// <inheritdoc />
    protected override string LowerFunction => UnicodeCase.Lower;

    /// <inheritdoc />
    protected override string UpperFunction => UnicodeCase.Upper;

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        EntityTypeBuilder<TrustFrameworkKeySet> keySet = modelBuilder.Entity<TrustFrameworkKeySet>();
        EntityTypeBuilder<TrustFrameworkKey> key = modelBuilder.Entity<TrustFrameworkKey>();
        keySet.Property<Guid>(WrittenBy(nameof(TrustFrameworkKeySet.Revision)));
        key.PrimitiveCollection<IList<string>>(WrittenBy(nameof(TrustFrameworkKey.X5c))).IsRequired();
        key.Property<TrustFrameworkKeyStatus>(WrittenBy(nameof(TrustFrameworkKey.Status)));
        ReadThrough(keySet, nameof(TrustFrameworkKeySet.Revision), ReadableRevision);
        ReadThrough(key, nameof(TrustFrameworkKey.X5c), ReadableX5c);
        ReadThrough(key, nameof(TrustFrameworkKey.Status), ReadableStatus);
        key.Metadata.FindProperty(nameof(TrustFrameworkKey.X5c))!.SetJsonValueReaderWriterType(typeof(ReadableTexts));
    }

    // A property of its own for the stored column, which only statements write: EF Core reads the other one.
    private static string WrittenBy(string name) => $"Written{name}";

    private static void ReadThrough(EntityTypeBuilder table, string name, string sql)
    {
        IMutableProperty read = table.Metadata.FindProperty(name)!;
        read.SetColumnName(SqliteSelect.ReadableBy(name));
        read.SetComputedColumnSql(sql);
        // Nothing of it is written, and nothing needs to be read back.
        read.ValueGenerated = ValueGenerated.Never;
        read.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        read.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        table.Metadata.FindProperty(WrittenBy(name))!.SetColumnName(name);
    }
}

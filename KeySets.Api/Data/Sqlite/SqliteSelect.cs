using System.Data.Common;
using KeySets.Api.Data.Reading;
using KeySets.Model;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>Reads the rows of sets straight from SQLite.</summary>
public sealed class SqliteSelect() : KeySetSelect(
    nameof(TrustFrameworkKeySet.Revision),
    ReadableBy(nameof(TrustFrameworkKey.X5c)),
    ReadableBy(nameof(TrustFrameworkKey.Status)))
{
    /// <summary>The statements, which need to be composed only once.</summary>
    public static SqliteSelect Default { get; } = new();

    /// <inheritdoc />
    public override string CheckedRevision { get; } = ReadableBy(nameof(TrustFrameworkKeySet.Revision));

    /// <summary>
    /// The name of the generated column that holds a harmless value in place of one that nobody could read.
    /// </summary>
    public static string ReadableBy(string column) => $"Readable{column}";

    /// <inheritdoc />
    /// <remarks>Microsoft.Data.Sqlite asks three times for each value, twice of these whether it is null.</remarks>
    protected override string? Text(DbDataReader row, int column) =>
        SQLitePCL.raw.sqlite3_column_text(((SqliteDataReader)row).Handle, column).utf8_to_string();

    /// <inheritdoc />
    /// <remarks>
    /// The same check as that of the column, which takes SQLite a sixth of the time of a page: 32 digits in capitals.
    /// </remarks>
    protected override Guid Revision(DbDataReader row, int column)
    {
        string? text = Text(row, column);
        return Guid.TryParseExact(text, "D", out Guid revision) && !text.AsSpan().ContainsAnyInRange('a', 'f')
            ? revision
            : Guid.Empty;
    }
}

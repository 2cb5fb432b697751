using System.Data.Common;
using KeySets.Api.Data.Reading;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>Reads the texts of sets straight from SQLite.</summary>
/// <inheritdoc />
public sealed class SqliteSelect(string revision, string x5c, string status) : KeySetSelect(revision, x5c, status)
{
    /// <inheritdoc />
    /// <remarks>Microsoft.Data.Sqlite asks three times for each value, twice of these whether it is null.</remarks>
    protected override string? Text(DbDataReader row, int column) =>
        SQLitePCL.raw.sqlite3_column_text(((SqliteDataReader)row).Handle, column).utf8_to_string();
}

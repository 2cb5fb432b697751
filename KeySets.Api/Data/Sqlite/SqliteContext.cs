using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The tables in SQLite.</summary>
public sealed class SqliteContext(DbContextOptions<SqliteContext> options) : KeySetsDbContext(options)
{
    /// <inheritdoc />
    protected override string LowerFunction => UnicodeCase.Lower;

    /// <inheritdoc />
    protected override string UpperFunction => UnicodeCase.Upper;
}

using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <content>What moves whole databases. A service can go on writing to the file meanwhile.</content>
public sealed partial class SqliteDatabase
{
    /// <inheritdoc />
    public override async Task<StoredTables> FindTablesAsync()
    {
        if (file is null)
        {
            throw new InvalidOperationException("It is in memory, and ends with the service.");
        }

        string path = connections.Settings.DataSource;
        CommitMark.CheckFile(path);
        if (!File.Exists(path))
        {
            return StoredTables.None;
        }

        using KeptConnection kept = await connections.OpenAsync();
        await CommitMark.CheckAsync(kept.Connection);
        IReadOnlyList<string>? applied = await SqliteTables.ReadMigrationsAsync(kept.Connection);
        return TablesOf(applied ?? [], SqliteTables.Migrations);
    }

    /// <inheritdoc />
    [SuppressMessage(
        "Performance", "CA1849", Justification = "The other method begins to write, and would wait for the writer.")]
    public override async Task<T> ReadMomentAsync<T>(Func<KeySetRows, Task<T>> read)
    {
        using KeptConnection kept = await connections.OpenAsync();
        await using DbTransaction moment = kept.Connection.BeginTransaction(deferred: true);
        kept.Statements.Transaction = moment;
        return await read(kept.Rows);
    }

    /// <inheritdoc />
    /// <remarks>
    /// <c>VACUUM INTO</c> is one read. It leaves out what deleted rows have left in the pages of the file, and copies
    /// tables of any version: a backup from before an upgrade is the way back.
    /// </remarks>
    public override async Task<bool> TryWriteToAsync(string path)
    {
        using KeptConnection kept = await connections.OpenAsync();
        await using SqliteCommand command = kept.Connection.CreateCommand();
        command.CommandText = "VACUUM INTO @path";
        command.Parameters.AddWithValue("@path", path);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        return true;
    }
}

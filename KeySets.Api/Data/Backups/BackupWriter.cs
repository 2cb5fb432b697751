using System.Data.Common;
using KeySets.Api.Data.Sqlite;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Backups;

/// <summary>Writes the rows of a database to a file, as they are at one moment, while others go on writing.</summary>
public static class BackupWriter
{
    /// <summary>Writes a backup.</summary>
    /// <param name="database">The database.</param>
    /// <param name="path">An empty file.</param>
    /// <param name="progress">Is told how many of how many sets are written.</param>
    /// <returns>How many sets and keys were read; null if the database has written the file itself.</returns>
    public static async Task<StoredCount?> WriteAsync(Database database, string path, Action<long, long> progress) =>
        await database.TryWriteToAsync(path)
            ? null
            : await database.FindTablesAsync() == StoredTables.Current
                ? await database.ReadMomentAsync(rows => WriteAsync(rows, path, progress))
                : throw new InvalidOperationException(
                    $"An earlier version has made {database.Location}. Start this version on it first.");

    private static async Task<StoredCount> WriteAsync(KeySetRows source, string path, Action<long, long> progress)
    {
        StoredCount count = await source.CountAsync();
        using KeptConnection kept = BackupFile.Connect(path, SqliteOpenMode.ReadWrite);
        await kept.Connection.OpenAsync();
        // Nobody reads the file before it is whole, and it is synced then.
        await kept.Connection.RunPragmaAsync("journal_mode = OFF");
        await kept.Connection.RunPragmaAsync("synchronous = OFF");
        await SqliteTables.CreateAsync(kept.Connection);
        await using DbTransaction transaction = await kept.Connection.BeginTransactionAsync();
        kept.Statements.Transaction = transaction;
        await source.CopyToAsync(kept.Rows, written => progress(written, count.Sets));
        await transaction.CommitAsync();
        return count;
    }
}

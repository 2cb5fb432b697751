using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace KeySets.Api.Data.Sqlite;

/// <summary>What must hold before the first request: the version and the settings of SQLite, and the tables.</summary>
public static partial class SqlitePreparation
{
    // Up to 3.51.2 a reset of the WAL could corrupt the database.
    private static readonly Version OldestSafeVersion = new(3, 51, 3);

    // A minute, at 50 ms each.
    private const int MostAttemptsToLock = 1200;

    /// <summary>Checks the promises of SQLite and brings the tables to this version.</summary>
    /// <param name="connections">Opens connections to the database.</param>
    /// <param name="contexts">Creates contexts of the database, for an upgrade.</param>
    /// <param name="file">
    /// The file, in which commits must last and which other processes can open; null for a database in memory.
    /// </param>
    /// <param name="logger">Tells of an upgrade.</param>
    /// <exception cref="InvalidOperationException">SQLite is too old, or a commit would not be durable.</exception>
    public static async Task PrepareAsync(
        KeptConnections connections, IDbContextFactory<SqliteContext> contexts, DatabaseFile? file, ILogger logger)
    {
        if (file is not null)
        {
            CommitMark.CheckFile(connections.Settings.DataSource);
            await CreateFileAsync(connections.Settings);
        }

        using KeptConnection kept = await connections.OpenAsync();
        SqliteConnection connection = kept.Connection;
        await CheckAsync(connection, isFile: file is not null);
        if (await SqliteTables.ReadMigrationsAsync(connection) is { } applied)
        {
            await UpgradeAsync(connection, applied, contexts, isFile: file is not null, logger);
        }
        else
        {
            await SqliteTables.CreateAsync(connection);
        }

        await (file?.OpenAsync(connections.Settings.ConnectionString) ?? Task.CompletedTask);
    }

    /// <summary>Checks the promises of SQLite.</summary>
    /// <exception cref="InvalidOperationException">SQLite is too old, or a commit would not be durable.</exception>
    public static async Task CheckAsync(SqliteConnection connection, bool isFile)
    {
        Require(
            Version.Parse(connection.ServerVersion) >= OldestSafeVersion,
            $"SQLite is {connection.ServerVersion}, older than {OldestSafeVersion}.");
        if (isFile)
        {
            Require(
                await connection.RunPragmaAsync("journal_mode = WAL") is "wal",
                "The database cannot use a write-ahead log (journal_mode=WAL).");
            Require(
                await connection.RunPragmaAsync("synchronous") is 2L,
                "Commits are not synced to disk (synchronous=FULL).");
            await CommitMark.CheckAsync(connection);
        }
    }

    private static async Task UpgradeAsync(
        SqliteConnection connection,
        IReadOnlyList<string> applied,
        IDbContextFactory<SqliteContext> contexts,
        bool isFile,
        ILogger logger)
    {
        Require(
            !applied.Except(SqliteTables.Migrations).Any(), "A newer version of the service has changed its tables.");
        if (SqliteTables.Migrations.Except(applied).Any())
        {
            if (applied is [.., string last])
            {
                LogUpgrade(logger, connection.DataSource, last, SqliteTables.Migrations[^1]);
            }

            await using FileStream? held = isFile ? await LockAsync($"{connection.DataSource}.lock") : null;
            await using SqliteContext context = await contexts.CreateDbContextAsync();
            await MigrateAsync(context.Database);
        }
    }

    private static async Task CreateFileAsync(SqliteConnectionStringBuilder settings)
    {
        SqliteConnectionStringBuilder creating = new(settings.ConnectionString);
        if (creating.Mode == SqliteOpenMode.ReadWrite)
        {
            creating.Mode = SqliteOpenMode.ReadWriteCreate;
        }

        await using SqliteConnection created = new(creating.ConnectionString);
        await created.OpenAsync();
    }

    /// <remarks>
    /// The lock of EF Core is a row in a table. A killed process leaves it behind, and every later start would wait for
    /// it. So this service takes a lock of the operating system first, which ends with its process: a row that is found
    /// behind that lock is a leftover.
    /// </remarks>
    private static async Task MigrateAsync(DatabaseFacade database)
    {
        await database.ExecuteSqlAsync($"DROP TABLE IF EXISTS __EFMigrationsLock");
        await database.MigrateAsync();
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && attempt < MostAttemptsToLock)
            {
                // Another process is migrating.
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The database cannot keep keys safely. {otherwise}");
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The tables of {File} are upgraded from {From} to {To}. An older version of the service cannot use them: a "
        + "backup from before the upgrade is the way back")]
    private static partial void LogUpgrade(ILogger logger, string file, string from, string to);
}

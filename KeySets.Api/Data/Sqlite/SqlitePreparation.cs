using System.Data.Common;
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
    /// <param name="contexts">Creates contexts of the database.</param>
    /// <param name="file">
    /// The file, in which commits must last and which other processes can open; null for a database in memory.
    /// </param>
    /// <param name="logger">Tells of an upgrade.</param>
    /// <exception cref="InvalidOperationException">SQLite is too old, or a commit would not be durable.</exception>
    public static async Task PrepareAsync(
        IDbContextFactory<SqliteContext> contexts, DatabaseFile? file, ILogger logger)
    {
        await using SqliteContext context = await contexts.CreateDbContextAsync();
        if (file is not null)
        {
            CommitMark.CheckFile(context.Database.GetDbConnection().DataSource);
            await CreateAsync(context.Database.GetConnectionString()!);
        }

        await context.Database.OpenConnectionAsync();
        DbConnection connection = context.Database.GetDbConnection();

        Require(
            Version.Parse(connection.ServerVersion) >= OldestSafeVersion,
            $"SQLite is {connection.ServerVersion}, older than {OldestSafeVersion}.");
        if (file is not null)
        {
            Require(
                await connection.RunPragmaAsync("journal_mode = WAL") is "wal",
                "The database cannot use a write-ahead log (journal_mode=WAL).");
            Require(
                await connection.RunPragmaAsync("synchronous") is 2L,
                "Commits are not synced to disk (synchronous=FULL).");
            await CommitMark.CheckAsync(connection);
        }

        string[] known = [.. context.Database.GetMigrations()];
        string[] applied = [.. await context.Database.GetAppliedMigrationsAsync()];
        Require(!applied.Except(known).Any(), "A newer version of the service has changed its tables.");
        if (known.Except(applied).Any())
        {
            if (applied is [.., string last])
            {
                LogUpgrade(logger, connection.DataSource, last, known[^1]);
            }

            await using FileStream? held = file is not null ? await LockAsync($"{connection.DataSource}.lock") : null;
            await MigrateAsync(context.Database);
        }

        await (file?.OpenAsync(context.Database.GetConnectionString()!) ?? Task.CompletedTask);
    }

    private static async Task CreateAsync(string connectionString)
    {
        SqliteConnectionStringBuilder connection = new(connectionString) { Pooling = false };
        if (connection.Mode == SqliteOpenMode.ReadWrite)
        {
            connection.Mode = SqliteOpenMode.ReadWriteCreate;
        }

        await using SqliteConnection created = new(connection.ConnectionString);
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

using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The embedded database: its registration, and what must hold before the first request.</summary>
public static class SqliteDatabase
{
    // Up to 3.51.2 a reset of the WAL could corrupt the database.
    private static readonly Version OldestSafeVersion = new(3, 51, 3);

    /// <summary>Registers the context and the writer.</summary>
    public static void AddSqliteDatabase(this IServiceCollection services, SqliteConnectionStringBuilder connection)
    {
        // Another process can hold the write lock. Past this many seconds the client is told to come back.
        if (!connection.ShouldSerialize("Default Timeout"))
        {
            connection.DefaultTimeout = 5;
        }

        services.AddPooledDbContextFactory<KeySetsDbContext>(options => options
            .UseSqlite(connection.ConnectionString)
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.MigrationsUserTransactionWarning)));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<KeySetsDbContext>>().CreateDbContext());
        services.AddSingleton<WriteQueue>();
    }

    /// <summary>Checks SQLite's promises and brings the tables to this version.</summary>
    /// <exception cref="InvalidOperationException">SQLite is too old, or a commit would not be durable.</exception>
    public static async Task PrepareAsync(IDbContextFactory<KeySetsDbContext> contexts)
    {
        await using KeySetsDbContext context = await contexts.CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
        DbConnection connection = context.Database.GetDbConnection();

        Require(Version.Parse(connection.ServerVersion) >= OldestSafeVersion, $"SQLite is {connection.ServerVersion}, older than {OldestSafeVersion}.");
        Require(await ReadAsync(connection, "PRAGMA journal_mode = WAL") is "wal", "The database cannot use a write-ahead log (journal_mode=WAL).");
        Require(await ReadAsync(connection, "PRAGMA synchronous") is 2L, "Commits are not synced to disk (synchronous=FULL).");

        // EF's own lock is a row that a killed process leaves behind, at which every later start would wait (dotnet/efcore
        // #38958). A transaction of ours takes its place: SQLite lets one process at a time begin it, and undoes it if it dies.
        await using IDbContextTransaction transaction = await context.Database.BeginTransactionAsync();
        await context.Database.MigrateAsync();
        await transaction.CommitAsync();
    }

    [SuppressMessage("Security", "CA2100", Justification = "Only constants come here: PRAGMA takes no parameters.")]
    private static async Task<object?> ReadAsync(DbConnection connection, string sql)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The database cannot keep keys safely. {otherwise}");
        }
    }
}

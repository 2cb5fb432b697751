using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using KeySets.Api.Data.Sqlite;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>The embedded database, before the first request.</summary>
public sealed class SqlitePreparationTests
{
    private const string Initial = "20261123080022_Initial";
    private const string Definitions = "SELECT sql FROM sqlite_schema WHERE sql LIKE '%Readable%'";

    [Test]
    public async Task Uses_a_write_ahead_log_and_syncs_every_commit()
    {
        await using KeySetsApplication application = new();
        using KeptConnection kept = await application.Services.GetRequiredService<KeptConnections>().OpenAsync();

        Assert.That(await kept.Connection.RunPragmaAsync("journal_mode"), Is.EqualTo("wal"));
        Assert.That(await kept.Connection.RunPragmaAsync("synchronous"), Is.EqualTo(2));
    }

    [Test]
    public async Task Starts_after_an_upgrade_was_killed()
    {
        await using KeySetsApplication application = new();
        string connectionString = SqliteTestDatabase.Of(application).ConnectionString;
        await MigrateAsync(connectionString, Initial);
        await using (SqliteConnection connection = new(connectionString))
        {
            // EF Core's own lock leaves this behind when a process dies while it holds the lock.
            await connection.OpenAsync();
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE IF NOT EXISTS "__EFMigrationsLock"
                    ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync();
        }

        HttpResponseMessage response = await application.Writer.CreateAsync("{}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Makes_the_tables_once_when_many_services_start_at_the_same_time([Values] bool isOld)
    {
        using TemporaryFolder folder = new();
        string connectionString = $"Data Source={folder.File("shared.db")};Pooling=False";
        if (isOld)
        {
            await MigrateAsync(connectionString, Initial);
        }

        await using ServiceProvider services = ServicesOf(connectionString);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => PrepareAsync(services))));

        await using SqliteContext context = await ContextAsync(services);
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
    }

    [Test]
    public async Task Gives_a_new_database_the_tables_that_the_migrations_make()
    {
        using TemporaryFolder folder = new();
        string created = $"Data Source={folder.File("created.db")};Pooling=False";
        string migrated = $"Data Source={folder.File("migrated.db")};Pooling=False";
        await using ServiceProvider services = ServicesOf(created);

        await PrepareAsync(services);
        await MigrateAsync(migrated, migration: null);

        foreach (string sql in (string[])
        [
            "SELECT type, name FROM sqlite_schema WHERE name <> '__EFMigrationsLock'",
            "SELECT MigrationId FROM __EFMigrationsHistory",
            "SELECT * FROM pragma_table_xinfo('KeySets')",
            "SELECT * FROM pragma_table_xinfo('Keys')",
            "SELECT * FROM pragma_foreign_key_list('Keys')",
            "SELECT l.name, l.\"unique\", i.* FROM pragma_index_list('Keys') AS l, pragma_index_info(l.name) AS i",
        ])
        {
            Assert.That(await ReadAsync(created, sql), Is.Not.Empty.And.EquivalentTo(await ReadAsync(migrated, sql)));
        }

        // The generated columns, which no PRAGMA shows.
        string[] columns = [.. (await ReadAsync(created, Definitions)).SelectMany(GeneratedColumns)];
        Assert.That(columns, Has.Length.EqualTo(3));
        Assert.That(columns, Is.EquivalentTo((await ReadAsync(migrated, Definitions)).SelectMany(GeneratedColumns)));
    }

    [Test]
    public async Task Upgrades_an_old_database_and_says_from_what_to_what()
    {
        using LogCollector log = new();
        using TemporaryFolder folder = new();
        string connectionString = $"Data Source={folder.File("old.db")};Pooling=False";
        await MigrateAsync(connectionString, Initial);
        await using ServiceProvider services = ServicesOf(connectionString);
        await using SqliteContext context = await ContextAsync(services);
        await context.Database.ExecuteSqlAsync(
            $"INSERT INTO KeySets VALUES ('old', '00000000-0000-0000-0000-000000000001')");
        await context.Database.ExecuteSqlAsync(
            $"INSERT INTO Keys (KeySetId, Ordinal, X5c, Kid) VALUES ('old', 0, '[\"YWJj\",\"ZGVm\"]', 'a')");

        await PrepareAsync(services, log);

        using KeptConnection kept = await services.GetRequiredService<KeptConnections>().OpenAsync();
        TrustFrameworkKeySet set = (await kept.Rows.FindAsync("old"))!;
        Assert.That(set.Revision, Is.EqualTo(new Guid("00000000-0000-0000-0000-000000000001")));
        Assert.That(set.Keys.Single().Status, Is.EqualTo(TrustFrameworkKeyStatus.Enabled), "there was no status");
        Assert.That(set.Keys.Single().X5c, Is.EqualTo(["YWJj", "ZGVm"]));
        string last = context.Database.GetMigrations().Last();
        Assert.That(
            log.Lines.Single(),
            Does.StartWith("Warning").And.Contains($"from {Initial} to {last}").And.Contain("backup"));

        await PrepareAsync(services, log);

        Assert.That(log.Lines, Has.Count.EqualTo(1), "the second start has nothing to upgrade");
    }

    [Test]
    public async Task Refuses_a_database_of_a_newer_version()
    {
        await using KeySetsApplication application = new();
        await using SqliteContext context = await ContextAsync(application.Services);
        await context.Database.ExecuteSqlAsync(
            $"INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99.0.0')");

        await Assert.ThatAsync(
            () => PrepareAsync(application.Services),
            Throws.InvalidOperationException.With.Message.Contains("newer version"));
    }

    [Test]
    public async Task Writes_nothing_at_a_start_without_pending_migrations()
    {
        await using KeySetsApplication application = new();
        IServiceProvider services = application.Services;
        await using SqliteConnection other = new(SqliteTestDatabase.Of(application).ConnectionString);
        await other.OpenAsync();
        await using DbTransaction writing = await other.BeginTransactionAsync();

        await Assert.ThatAsync(() => PrepareAsync(services), Throws.Nothing);
    }

    [Test]
    public async Task Refuses_a_database_without_a_write_ahead_log()
    {
        await using ServiceProvider services = ServicesOf("Data Source=:memory:");

        await Assert.ThatAsync(
            () => PrepareAsync(services), Throws.InvalidOperationException.With.Message.Contains("journal_mode"));
    }

    [Test]
    public async Task Refuses_a_database_whose_commits_are_not_synced()
    {
        using TemporaryFolder folder = new();
        await using SqliteConnection connection = new($"Data Source={folder.File("unsafe.db")};Pooling=False");
        await connection.OpenAsync();
        await connection.RunPragmaAsync("synchronous = NORMAL");

        await Assert.ThatAsync(
            () => SqlitePreparation.CheckAsync(connection, isFile: true),
            Throws.InvalidOperationException.With.Message.Contains("synchronous"));
    }

    [Test]
    public async Task Has_migrations_for_the_whole_model()
    {
        await using KeySetsApplication application = new();
        await using SqliteContext context = await ContextAsync(application.Services);

        Assert.That(context.Database.HasPendingModelChanges(), Is.False);
        Assert.That(SqliteTables.Migrations, Is.EqualTo(context.Database.GetMigrations()));
    }

    private static IEnumerable<string> GeneratedColumns(string table) => Regex
        .Matches(table, "\"Readable\\w+\" AS \\(CASE .*? END\\)", RegexOptions.Singleline)
        .Select(column => Regex.Replace(column.Value, "\\s+", " "));

    private static ServiceProvider ServicesOf(string connectionString)
    {
        ServiceCollection services = new();
        services.AddSqlite(new SqliteConnectionStringBuilder(connectionString));
        return services.BuildServiceProvider();
    }

    private static async Task PrepareAsync(IServiceProvider services, LogCollector? log = null)
    {
        using DatabaseFile file = new();
        await SqlitePreparation.PrepareAsync(
            services.GetRequiredService<KeptConnections>(),
            services.GetRequiredService<IDbContextFactory<SqliteContext>>(),
            file,
            log?.CreateLogger("upgrade") ?? NullLogger.Instance);
    }

    private static Task<SqliteContext> ContextAsync(IServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<SqliteContext>>().CreateDbContextAsync();

    /// <summary>Has EF Core migrate a database, which it creates.</summary>
    private static async Task MigrateAsync(string connectionString, string? migration)
    {
        await using SqliteContext context = new(
            new DbContextOptionsBuilder<SqliteContext>().UseSqlite(connectionString).Options);
        await context.GetService<IMigrator>().MigrateAsync(migration);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statements are those of this class.")]
    private static async Task<List<string>> ReadAsync(string connectionString, string sql)
    {
        await using SqliteConnection connection = new(connectionString);
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        await using SqliteDataReader reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }
}

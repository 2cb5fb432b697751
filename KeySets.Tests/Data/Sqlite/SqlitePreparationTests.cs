using System.Data.Common;
using System.Net;
using KeySets.Api.Data.Sqlite;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>The embedded database, before the first request.</summary>
public sealed class SqlitePreparationTests
{
    [Test]
    public async Task Uses_a_write_ahead_log_and_syncs_every_commit()
    {
        await using KeySetsApplication application = new();
        await using SqliteContext context = await Contexts(application).CreateDbContextAsync();

        Assert.That(
            await context.Database
                .SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode")
                .SingleAsync(),
            Is.EqualTo("wal"));
        Assert.That(
            await context.Database
                .SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous")
                .SingleAsync(),
            Is.EqualTo(2));
    }

    [Test]
    public async Task Starts_after_a_migration_was_killed()
    {
        await using KeySetsApplication application = new();
        await using (SqliteConnection connection = new(SqliteTestDatabase.Of(application).ConnectionString))
        {
            // EF Core's own lock leaves this behind when a process dies while it holds the lock.
            await connection.OpenAsync();
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00+00:00');
                """;
            await command.ExecuteNonQueryAsync();
        }

        HttpResponseMessage response = await application.Writer.CreateAsync("{}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Migrates_once_when_many_services_start_at_the_same_time()
    {
        using TemporaryFolder folder = new();
        string connectionString = $"Data Source={folder.File("shared.db")}";
        ServiceCollection services = new();
        services.AddSqlite(new SqliteConnectionStringBuilder(connectionString));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDbContextFactory<SqliteContext> contexts = provider.GetRequiredService<IDbContextFactory<SqliteContext>>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => SqlitePreparation.PrepareAsync(contexts, new DatabaseFile(), NullLogger.Instance))));

        await using SqliteContext context = await contexts.CreateDbContextAsync();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
        SqliteConnection.ClearPool((SqliteConnection)context.Database.GetDbConnection());
    }

    [Test]
    public async Task Upgrades_an_old_database_and_says_from_what_to_what()
    {
        using LogCollector log = new();
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddDbContextFactory<SqliteContext>(options =>
            options.UseSqlite($"Data Source={folder.File("old.db")};Pooling=False"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDbContextFactory<SqliteContext> contexts = provider.GetRequiredService<IDbContextFactory<SqliteContext>>();
        await using SqliteContext context = await contexts.CreateDbContextAsync();
        await context.GetService<IMigrator>().MigrateAsync("20261123080022_Initial");
        await context.Database.ExecuteSqlAsync(
            $"INSERT INTO KeySets VALUES ('old', '00000000-0000-0000-0000-000000000001')");
        await context.Database.ExecuteSqlAsync(
            $"INSERT INTO Keys (KeySetId, Ordinal, X5c, Kid) VALUES ('old', 0, '[\"YWJj\",\"ZGVm\"]', 'a')");

        await SqlitePreparation.PrepareAsync(contexts, new DatabaseFile(), log.CreateLogger("upgrade"));

        await context.KeepAsync();
        TrustFrameworkKeySet set = (await context.Rows.FindAsync("old"))!;
        Assert.That(set.Revision, Is.EqualTo(new Guid("00000000-0000-0000-0000-000000000001")));
        Assert.That(set.Keys.Single().Status, Is.EqualTo(TrustFrameworkKeyStatus.Enabled), "there was no status");
        Assert.That(set.Keys.Single().X5c, Is.EqualTo(["YWJj", "ZGVm"]));
        string last = context.Database.GetMigrations().Last();
        Assert.That(
            log.Lines.Single(),
            Does.StartWith("Warning").And.Contains($"from 20261123080022_Initial to {last}").And.Contain("backup"));

        await SqlitePreparation.PrepareAsync(contexts, new DatabaseFile(), log.CreateLogger("upgrade"));

        Assert.That(log.Lines, Has.Count.EqualTo(1), "the second start has nothing to upgrade");
    }

    [Test]
    public async Task Refuses_a_database_of_a_newer_version()
    {
        await using KeySetsApplication application = new();
        await using SqliteContext context = await Contexts(application).CreateDbContextAsync();
        await context.Database.ExecuteSqlAsync(
            $"INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99.0.0')");

        await Assert.ThatAsync(
            () => SqlitePreparation.PrepareAsync(Contexts(application), new DatabaseFile(), NullLogger.Instance),
            Throws.InvalidOperationException.With.Message.Contains("newer version"));
    }

    [Test]
    public async Task Writes_nothing_at_a_start_without_pending_migrations()
    {
        await using KeySetsApplication application = new();
        IDbContextFactory<SqliteContext> contexts = Contexts(application);
        await using SqliteConnection other = new(SqliteTestDatabase.Of(application).ConnectionString);
        await other.OpenAsync();
        await using DbTransaction writing = await other.BeginTransactionAsync();

        await Assert.ThatAsync(
            () => SqlitePreparation.PrepareAsync(contexts, new DatabaseFile(), NullLogger.Instance), Throws.Nothing);
    }

    [Test]
    public async Task Refuses_a_database_without_a_write_ahead_log()
    {
        ServiceCollection services = new();
        services.AddSqlite(new SqliteConnectionStringBuilder("Data Source=:memory:"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThatAsync(
            () => SqlitePreparation.PrepareAsync(
                provider.GetRequiredService<IDbContextFactory<SqliteContext>>(),
                new DatabaseFile(),
                NullLogger.Instance),
            Throws.InvalidOperationException.With.Message.Contains("journal_mode"));
    }

    [Test]
    public async Task Refuses_a_database_whose_commits_are_not_synced()
    {
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddDbContextFactory<SqliteContext>(options => options
            .UseSqlite($"Data Source={folder.File("unsafe.db")};Pooling=False")
            .AddInterceptors(new UnsafeConnections()));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThatAsync(
            () => SqlitePreparation.PrepareAsync(
                provider.GetRequiredService<IDbContextFactory<SqliteContext>>(),
                new DatabaseFile(),
                NullLogger.Instance),
            Throws.InvalidOperationException.With.Message.Contains("synchronous"));
    }

    [Test]
    public async Task Has_migrations_for_the_whole_model()
    {
        await using KeySetsApplication application = new();
        await using SqliteContext context = await Contexts(application).CreateDbContextAsync();

        Assert.That(context.Database.HasPendingModelChanges(), Is.False);
    }

    private static IDbContextFactory<SqliteContext> Contexts(KeySetsApplication application) =>
        application.Services.GetRequiredService<IDbContextFactory<SqliteContext>>();

    private sealed class UnsafeConnections : DbConnectionInterceptor
    {
        public override async Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA synchronous = NORMAL";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}

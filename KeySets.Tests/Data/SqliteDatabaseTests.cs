using System.Data.Common;
using System.Net;
using KeySets.Api.Data;
using KeySets.Api.Data.Sqlite;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data;

/// <summary>The embedded database: what holds at the start, when it is busy, and when its disk is full.</summary>
public sealed class SqliteDatabaseTests
{
    [Test]
    public async Task Logs_ahead_and_syncs_every_commit()
    {
        await using KeySetsApplication application = new();
        await using KeySetsDbContext context = await Contexts(application).CreateDbContextAsync();

        Assert.That(await context.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(), Is.EqualTo("wal"));
        Assert.That(await context.Database.SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous").SingleAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task Starts_after_a_migration_was_killed()
    {
        await using KeySetsApplication application = new();
        await using (SqliteConnection connection = new(application.ConnectionString))
        {
            // What EF's own lock leaves behind when the process dies while it holds it.
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
    public async Task Migrates_once_when_many_start_at_the_same_time()
    {
        using TemporaryFolder folder = new();
        string connectionString = $"Data Source={folder.File("shared.db")}";
        ServiceCollection services = new();
        services.AddSqliteDatabase(new SqliteConnectionStringBuilder(connectionString));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDbContextFactory<KeySetsDbContext> contexts = provider.GetRequiredService<IDbContextFactory<KeySetsDbContext>>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SqliteDatabase.PrepareAsync(contexts, new DatabaseFile()))));

        await using KeySetsDbContext context = await contexts.CreateDbContextAsync();
        Assert.That(await context.Database.GetPendingMigrationsAsync(), Is.Empty);
        SqliteConnection.ClearPool((SqliteConnection)context.Database.GetDbConnection());
    }

    [Test]
    public async Task Enables_the_keys_of_a_database_from_before_they_had_a_status()
    {
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddDbContextFactory<KeySetsDbContext>(options => options.UseSqlite($"Data Source={folder.File("old.db")};Pooling=False"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IDbContextFactory<KeySetsDbContext> contexts = provider.GetRequiredService<IDbContextFactory<KeySetsDbContext>>();
        await using KeySetsDbContext context = await contexts.CreateDbContextAsync();
        await context.GetService<IMigrator>().MigrateAsync("20261123080022_Initial");
        await context.Database.ExecuteSqlAsync($"INSERT INTO KeySets VALUES ('old', '00000000-0000-0000-0000-000000000001')");
        await context.Database.ExecuteSqlAsync($"INSERT INTO Keys (KeySetId, Ordinal, X5c, Kid) VALUES ('old', 0, '[]', 'a')");

        await SqliteDatabase.PrepareAsync(contexts, new DatabaseFile());

        TrustFrameworkKeySet set = (await context.FindKeySetAsync("old"))!;
        Assert.That(set.Keys.Single().Status, Is.EqualTo(TrustFrameworkKeyStatus.Enabled));
    }

    [Test]
    public async Task Refuses_a_database_of_a_newer_version()
    {
        await using KeySetsApplication application = new();
        await using KeySetsDbContext context = await Contexts(application).CreateDbContextAsync();
        await context.Database.ExecuteSqlAsync($"INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_Future', '99.0.0')");

        await Assert.ThatAsync(() => SqliteDatabase.PrepareAsync(Contexts(application), new DatabaseFile()), Throws.InvalidOperationException.With.Message.Contains("newer version"));
    }

    [Test]
    public async Task Writes_nothing_at_a_start_without_pending_migrations()
    {
        await using KeySetsApplication application = new();
        IDbContextFactory<KeySetsDbContext> contexts = Contexts(application);
        await using SqliteConnection other = new(application.ConnectionString);
        await other.OpenAsync();
        await using DbTransaction writing = await other.BeginTransactionAsync();

        await Assert.ThatAsync(() => SqliteDatabase.PrepareAsync(contexts, new DatabaseFile()), Throws.Nothing);
    }

    [Test]
    public async Task Refuses_a_database_without_a_log_ahead()
    {
        ServiceCollection services = new();
        services.AddSqliteDatabase(new SqliteConnectionStringBuilder("Data Source=:memory:"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThatAsync(
            () => SqliteDatabase.PrepareAsync(provider.GetRequiredService<IDbContextFactory<KeySetsDbContext>>(), new DatabaseFile()),
            Throws.InvalidOperationException.With.Message.Contains("journal_mode"));
    }

    [Test]
    public async Task Refuses_a_database_whose_commits_are_not_synced()
    {
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddDbContextFactory<KeySetsDbContext>(options => options
            .UseSqlite($"Data Source={folder.File("unsafe.db")};Pooling=False")
            .AddInterceptors(new UnsafeConnections()));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThatAsync(
            () => SqliteDatabase.PrepareAsync(provider.GetRequiredService<IDbContextFactory<KeySetsDbContext>>(), new DatabaseFile()),
            Throws.InvalidOperationException.With.Message.Contains("synchronous"));
    }

    [Test]
    public async Task Has_migrations_for_the_whole_model()
    {
        await using KeySetsApplication application = new();
        await using KeySetsDbContext context = await Contexts(application).CreateDbContextAsync();

        Assert.That(context.Database.HasPendingModelChanges(), Is.False);
    }

    [Test]
    public async Task Answers_503_while_another_process_writes_and_goes_on_after_it()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        HttpClient writer = application.Writer;
        await writer.CreateAsync("""{"id":"before"}""");
        await using SqliteConnection other = new(application.ConnectionString);
        await other.OpenAsync();
        await using (DbTransaction transaction = await other.BeginTransactionAsync())
        {
            HttpResponseMessage[] refused = await Task.WhenAll(writer.CreateAsync("""{"id":"during-1"}"""), writer.CreateAsync("""{"id":"during-2"}"""));
            foreach (HttpResponseMessage response in refused)
            {
                await response.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
                Assert.That(response.Header("Retry-After"), Is.EqualTo("1"));
            }

            Assert.That((await writer.GetAsync("/trustFramework/keySets/before")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "reads go on");
            Assert.That(log.Lines, Has.Some.Contains("database is locked"));
        }

        Assert.That((await writer.CreateAsync("""{"id":"during-1"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Answers_507_when_the_database_cannot_grow_and_stores_nothing_of_it()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        WriteQueue queue = application.Services.GetRequiredService<WriteQueue>();
        string large = $$"""{"id":"large","keys":[{"kty":"x","n":"{{new string('n', 500_000)}}"}]}""";
        // The limit belongs to the connection, which the pool gives back to the next write.
        await queue.RunAsync(context => context.Database.ExecuteSqlRawAsync("PRAGMA max_page_count = 40"));

        HttpResponseMessage[] responses = await Task.WhenAll(writer.CreateAsync("""{"id":"small-1"}"""), writer.CreateAsync(large), writer.CreateAsync("""{"id":"small-2"}"""));

        Assert.That(responses[0].StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await responses[1].AssertErrorAsync(HttpStatusCode.InsufficientStorage, "InsufficientStorage");
        Assert.That(responses[2].StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await writer.GetAsync("/trustFramework/keySets/large")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await writer.GetAsync("/trustFramework/keySets/small-2")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static IDbContextFactory<KeySetsDbContext> Contexts(KeySetsApplication application) =>
        application.Services.GetRequiredService<IDbContextFactory<KeySetsDbContext>>();

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

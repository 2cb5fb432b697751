using System.Net;
using KeySets.Tests.Support;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>The start of the service on PostgreSQL, as a process.</summary>
[OnPostgreSql]
public sealed class PostgreSqlStartTests : ProcessTests
{
    private PostgreSqlTestDatabase _database = null!;

    [SetUp]
    public void CreateDatabase() => _database = PostgreSqlTestDatabase.Empty();

    [TearDown]
    public void DropDatabase() => _database.Close();

    [Test]
    public async Task Prepares_the_database_once_if_instances_start_together()
    {
        KeySetsProcess[] instances = [.. Enumerable.Range(0, 4).Select(_ => Start())];
        try
        {
            foreach (KeySetsProcess instance in instances)
            {
                await instance.AddressAsync();
            }

            Assert.That(await CountAsync("""SELECT count(*) FROM "KeyRing" """), Is.EqualTo(1), "one first key");
            Assert.That(
                await CountAsync("""SELECT count(*) - count(DISTINCT "MigrationId") FROM "__EFMigrationsHistory" """),
                Is.Zero);
            Assert.That(string.Concat(instances.Select(instance => instance.Output)), Does.Not.Contain("fail:"));
        }
        finally
        {
            Array.ForEach(instances, instance => instance.Dispose());
        }
    }

    [Test]
    public async Task Says_that_the_key_ring_in_the_database_is_readable()
    {
        using KeySetsProcess service = Start();
        await service.AddressAsync();

        Assert.That(service.Output, Does.Contain("The key ring in the database is not encrypted"));
        Assert.That(service.Output, Does.Contain($"Key sets are kept in {_database.Name} on "));
    }

    [TestCase("Options=-c synchronous_commit=off", "Commits are not synced to disk")]
    [TestCase("Database=no-such-database", "no-such-database")]
    [TestCase("Port=1", "Failed to connect")]
    public async Task Is_refused_with_one_line(string change, string reason)
    {
        using KeySetsProcess service = Start($"{_database.ConnectionString};{change};Password=canary-password");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1));
        Assert.That(
            service.Output.Trim(),
            Does.StartWith("KeySets cannot start. The database of ConnectionStrings:KeySets cannot be used. ")
                .And.Contain(reason).And.Not.Contain("\n").And.Not.Contain("canary-password"));
    }

    [TestCase("", "needs the Host and the Database of PostgreSQL")]
    [TestCase("Host=localhost", "needs the Host and the Database of PostgreSQL")]
    [TestCase("Data Source=keysets.db", "is not a connection string of PostgreSQL")]
    [TestCase("Host=localhost;Database=x;Colour=red", "is not a connection string of PostgreSQL")]
    [TestCase("Host=localhost;Database=x;Port=many", "is not a connection string of PostgreSQL")]
    public async Task Is_refused_with_a_bad_connection_string(string connection, string reason)
    {
        using KeySetsProcess service = Start(connection);

        Assert.That(await service.ExitAsync(), Is.EqualTo(1));
        Assert.That(
            service.Output, Does.StartWith("KeySets cannot start. ConnectionStrings:KeySets").And.Contain(reason));
    }

    [Test]
    public async Task Is_refused_by_tables_of_a_newer_version()
    {
        using (KeySetsProcess service = Start())
        {
            await service.AddressAsync();
        }

        await CountAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('99990101000000_Later', '11.0.0')""");
        using KeySetsProcess again = Start();

        Assert.That(await again.ExitAsync(), Is.EqualTo(1));
        Assert.That(again.Output, Does.Contain("A newer version of the service has changed its tables."));
    }

    [Test]
    public async Task Is_refused_by_a_database_in_another_encoding()
    {
        _database.Close();
        _database = PostgreSqlTestDatabase.Empty("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'");
        using KeySetsProcess service = Start();

        Assert.That(await service.ExitAsync(), Is.EqualTo(1));
        Assert.That(service.Output, Does.Contain("The database is not encoded in UTF-8."));
    }

    [Test]
    public async Task Without_the_key_ring_is_not_ready_and_makes_no_other_one()
    {
        using (KeySetsProcess service = Start())
        {
            using HttpClient client = await service.ClientAsync();
            await client.CreateAsync("""{"keys":[{"kty":"oct","k":"bGFzdA"}]}""");
        }

        await CountAsync("""DELETE FROM "KeyRing" """);
        using KeySetsProcess again = Start();
        using HttpClient without = await again.ClientAsync();

        Assert.That(
            (await without.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(
            again.Output, Does.Contain("The key ring has no key, and the database holds keys that were sealed."));
        Assert.That(await CountAsync("""SELECT count(*) FROM "KeyRing" """), Is.Zero);
    }

    private KeySetsProcess Start(string? connectionString = null) => new(
        Folder.FullPath,
        "Development",
        [
            "--Database:Provider=PostgreSql",
            $"--ConnectionStrings:KeySets={connectionString ?? _database.ConnectionString}",
        ]);

    private async Task<long> CountAsync(string sql)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using NpgsqlCommand command = source.CreateCommand(sql);
        return (long?)await command.ExecuteScalarAsync() ?? 0;
    }
}

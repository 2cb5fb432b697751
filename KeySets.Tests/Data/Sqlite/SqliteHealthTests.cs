using System.Net;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Refusals;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>The state of the SQLite file in <c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
public sealed class SqliteHealthTests
{
    [Test]
    public async Task Is_live_but_not_ready_when_the_database_cannot_be_read()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        application.Database.Close();
        File.Delete($"{SqliteTestDatabase.Of(application).File}-wal");
        await File.WriteAllTextAsync(
            SqliteTestDatabase.Of(application).File,
            "this is no database, and long enough to be taken for the header of one".PadRight(4096));

        HttpResponseMessage ready = await client.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Is_not_ready_once_a_read_has_met_a_damaged_page()
    {
        await using KeySetsApplication application = new();
        await application.Writer.CreateAsync("""{"id":"a","keys":[{"kty":"oct","kid":"1","k":"AAAA"}]}""");
        string file = SqliteTestDatabase.Of(application).File;
        await application.ScanOfStart;
        await DamageTableOfKeysAsync(file);
        // Those that have read the page keep it in memory.
        application.Services.GetRequiredService<KeptConnections>().CloseIdle();
        application.Database.Close();

        await (await application.Reader.GetAsync("/trustFramework/keySets"))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");

        HttpResponseMessage ready = await application.Anonymous.GetAsync("/health/ready");
        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await ready.JsonAsync())["error"]!["message"]!.ToString(), Does.Contain("database"));
    }

    [Test]
    public async Task Is_not_ready_while_it_cannot_write()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        await using SqliteConnection other =
            new($"Data Source={SqliteTestDatabase.Of(application).File};Pooling=False");
        await client.GetAsync("/health/live");
        await other.OpenAsync();
        await using (await other.BeginTransactionAsync())
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                HttpResponseMessage ready = await client.GetAsync("/health/ready");
                Assert.That(
                    (string?)(await ready.JsonAsync())["error"]!["message"],
                    Is.EqualTo("The service is not ready: database."));
            }
        }

        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Commits_a_write_to_find_out_whether_it_is_ready()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        await client.GetAsync("/health/live");
        long before = new FileInfo($"{SqliteTestDatabase.Of(application).File}-wal").Length;

        await client.GetAsync("/health/ready");

        Assert.That(new FileInfo($"{SqliteTestDatabase.Of(application).File}-wal").Length, Is.GreaterThan(before));
    }

    [Test]
    public async Task Is_not_ready_once_a_request_has_met_a_damaged_page()
    {
        await using KeySetsApplication application = new();
        Assert.That(await application.Anonymous.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));

        await Assert.ThatAsync(
            () => application.Rows.ReadAsync<int>(
                _ => throw new SqliteException("malformed", SQLitePCL.raw.SQLITE_CORRUPT)),
            Throws.InstanceOf<RefusalException>());

        await Assert.ThatAsync(
            async () => (await application.Anonymous.GetAsync("/health/ready")).StatusCode,
            Is.EqualTo(HttpStatusCode.ServiceUnavailable).After(5_000, 200));
    }

    private static async Task DamageTableOfKeysAsync(string file)
    {
        await using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "PRAGMA wal_checkpoint(TRUNCATE); SELECT rootpage FROM sqlite_master WHERE name = 'Keys'";
        await using SqliteDataReader reader = await command.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        long offset = (reader.GetInt64(0) - 1) * 4096;
        await using FileStream stream = File.OpenWrite(file);
        stream.Position = offset;
        await stream.WriteAsync(Enumerable.Repeat((byte)0xA5, 64).ToArray());
    }
}

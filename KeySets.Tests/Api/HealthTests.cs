using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeySets.Tests.Api;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
public sealed class HealthTests
{
    private const string Group = """{"requests":[{"id":"1","method":"POST","url":"trustFramework/keySets","body":{},"atomicityGroup":"g"}]}""";

    [Test]
    public async Task Is_live_and_ready_after_the_start()
    {
        await using KeySetsApplication application = new();

        Assert.That(await application.Anonymous.GetStringAsync("/health/live"), Is.EqualTo("Healthy"));
        Assert.That(await application.Anonymous.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Is_live_but_not_ready_when_the_key_ring_is_lost()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync(Documentation.CreateRequest);
        Directory.Delete(Path.Combine(application.DataFolder, "key-ring"), recursive: true);

        HttpResponseMessage ready = await client.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Is_live_but_not_ready_when_the_database_cannot_be_read()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        application.CloseConnections();
        File.Delete($"{application.DatabaseFile}-wal");
        await File.WriteAllTextAsync(application.DatabaseFile, "this is no database, and long enough to be taken for the header of one".PadRight(4096));

        HttpResponseMessage ready = await client.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Is_not_ready_and_stores_nothing_when_the_database_is_deleted()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"id":"before"}""");
        File.Delete(application.DatabaseFile);

        await (await client.GetAsync("/health/ready")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        // The connections that are open could write to the file that is gone, new ones could make an empty one.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            await (await client.CreateAsync("{}")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
            JsonObject batch = await (await client.SendJsonAsync(HttpMethod.Post, "/$batch", Group)).JsonAsync();
            Assert.That((int?)batch["responses"]?[0]!["status"] ?? (batch["error"] is null ? 0 : 503), Is.EqualTo(503), batch.ToJsonString());
            application.CloseConnections();
            await (await client.GetAsync("/trustFramework/keySets/before")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        }

        Assert.That(File.Exists(application.DatabaseFile), Is.False);
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Stores_no_private_member_while_the_key_ring_is_lost()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync(Documentation.CreateRequest);
        string ring = Path.Combine(application.DataFolder, "key-ring");
        Directory.Move(ring, $"{ring}-elsewhere");

        HttpResponseMessage response = await client.CreateAsync("""{"id":"sealed","keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");

        await response.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await client.GetAsync("/trustFramework/keySets/sealed")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Directory.Move($"{ring}-elsewhere", ring);
        Assert.That((await client.CreateAsync("""{"id":"sealed","keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Is_not_ready_while_nobody_can_write()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        await using SqliteConnection other = new($"Data Source={application.DatabaseFile};Pooling=False");
        await client.GetAsync("/health/live");
        await other.OpenAsync();
        await using (await other.BeginTransactionAsync())
        {
            for (int attempt = 0; attempt < 2; attempt++)
            {
                HttpResponseMessage ready = await client.GetAsync("/health/ready");
                Assert.That((string?)(await ready.JsonAsync())["error"]!["message"], Is.EqualTo("The service is not ready: database."));
            }
        }

        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Is_not_ready_when_less_is_free_on_the_disk_than_the_setting_asks_for()
    {
        // Taken for bytes, it would be there.
        long twiceWhatIsFree = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace / (1024 * 1024) * 2;
        await using KeySetsApplication application = new(("Health:LeastFreeMebibytes", $"{twiceWhatIsFree}"));

        HttpResponseMessage ready = await application.Anonymous.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((string?)(await ready.JsonAsync())["error"]!["message"], Is.EqualTo("The service is not ready: disk."));
    }

    [TestCase("")]
    [TestCase("-wal")]
    public async Task Is_not_ready_and_stores_nothing_when_a_file_of_the_database_is_replaced(string suffix)
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"id":"before"}""");
        string file = application.DatabaseFile + suffix;
        File.Copy(file, $"{file}-copy");
        File.Move(file, $"{file}-away");
        if (suffix.Length == 0)
        {
            File.Move($"{file}-copy", file);
        }

        await (await client.CreateAsync("{}")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        await (await client.GetAsync("/health/ready")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task Stores_no_private_member_while_the_key_of_the_ring_is_altered(int bytes)
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");
        string key = Directory.GetFiles(Path.Combine(application.DataFolder, "key-ring"), "key-*.xml").Single();
        string text = await File.ReadAllTextAsync(key);
        await File.WriteAllTextAsync(key, bytes == 0 ? "" : text.Replace("<value>", "<value>A", StringComparison.Ordinal));

        await (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        await (await client.GetAsync("/health/ready")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
    }

    [Test]
    public async Task Makes_no_folder_in_the_place_of_a_lost_key_ring()
    {
        await using KeySetsApplication application = new();
        string ring = Path.Combine(application.DataFolder, "key-ring");
        await application.Anonymous.GetAsync("/health/live");
        Directory.Move(ring, $"{ring}-elsewhere");

        await application.Anonymous.GetAsync("/health/ready");

        Assert.That(Directory.Exists(ring), Is.False, "Whoever moves the ring back would move it into this one.");
    }

    [Test]
    public async Task Commits_something_to_find_out_whether_it_is_ready()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        await client.GetAsync("/health/live");
        long before = new FileInfo($"{application.DatabaseFile}-wal").Length;

        await client.GetAsync("/health/ready");

        Assert.That(new FileInfo($"{application.DatabaseFile}-wal").Length, Is.GreaterThan(before));
    }

    [Test]
    public async Task Commits_at_most_once_a_second_however_often_it_is_asked()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        using MetricCollector<int> commits = new(application.Services.GetRequiredService<IMeterFactory>(), "KeySets", "keysets.commit.writes");
        Stopwatch watch = Stopwatch.StartNew();

        for (int request = 0; request < 50; request++)
        {
            Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        }

        Assert.That(commits.GetMeasurementSnapshot(), Has.Count.InRange(1, 1 + (int)watch.Elapsed.TotalSeconds));
        int soon = commits.GetMeasurementSnapshot().Count;
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await client.GetStringAsync("/health/ready");
        Assert.That(commits.GetMeasurementSnapshot(), Has.Count.EqualTo(soon + 1));
    }
}

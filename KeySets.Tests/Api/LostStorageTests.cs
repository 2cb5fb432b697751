using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Api;

/// <summary>Writes while the database or the key ring is lost, replaced or altered under the service: none is promised that would be lost with it.</summary>
public sealed class LostStorageTests
{
    private const string Group = """{"requests":[{"id":"1","method":"POST","url":"trustFramework/keySets","body":{},"atomicityGroup":"g"}]}""";

    [Test]
    public async Task Stays_with_its_database_when_a_link_to_the_folder_is_turned_elsewhere()
    {
        using TemporaryFolder folder = new();
        (string first, string second, string link) = (folder.File("first"), folder.File("second"), folder.File("link"));
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);
        Directory.CreateSymbolicLink(link, first);
        await using KeySetsApplication application = new(("ConnectionStrings:KeySets", $"Data Source={link}/keysets.db;Pooling=False"));
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"id":"before"}""");
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, second);

        Assert.That((await client.CreateAsync("""{"id":"after"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await client.GetStringAsync("/trustFramework/keySets/$count"), Is.EqualTo("2"));
        Assert.That(Directory.EnumerateFileSystemEntries(second), Is.Empty);
    }

    [Test]
    public async Task Notices_a_key_ring_that_was_altered_before_it_was_first_used()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.GetAsync("/health/live");
        string key = Directory.GetFiles(Path.Combine(application.DataFolder, "key-ring"), "key-*.xml").Single();
        await File.WriteAllTextAsync(key, (await File.ReadAllTextAsync(key)).Replace("<value>", "<value>A", StringComparison.Ordinal));

        await (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
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
    public async Task Goes_on_when_the_key_of_the_ring_was_put_back_as_it_was()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""");
        string key = Directory.GetFiles(Path.Combine(application.DataFolder, "key-ring"), "key-*.xml").Single();
        byte[] content = await File.ReadAllBytesAsync(key);
        File.Delete(key);
        await (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");

        await File.WriteAllBytesAsync(key, content);

        Assert.That((await client.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
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
}

using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>
/// Writes while the SQLite file is lost or replaced under the running service. The service acknowledges no write that
/// would be lost.
/// </summary>
public sealed class LostFileTests
{
    private const string Group =
        """{"requests":[{"id":"1","method":"POST","url":"trustFramework/keySets","body":{},"atomicityGroup":"g"}]}""";

    [Test]
    public async Task Keeps_its_database_when_a_link_to_the_folder_is_redirected()
    {
        using TemporaryFolder folder = new();
        (string first, string second, string link) = (folder.File("first"), folder.File("second"), folder.File("link"));
        Directory.CreateDirectory(first);
        Directory.CreateDirectory(second);
        Directory.CreateSymbolicLink(link, first);
        await using KeySetsApplication application =
            new(("ConnectionStrings:KeySets", $"Data Source={link}/keysets.db;Pooling=False"));
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"id":"before"}""");
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, second);

        Assert.That((await client.CreateAsync("""{"id":"after"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await client.GetStringAsync("/trustFramework/keySets/$count"), Is.EqualTo("2"));
        Assert.That(Directory.EnumerateFileSystemEntries(second), Is.Empty);
    }

    [Test]
    public async Task Is_not_ready_and_stores_nothing_when_the_database_is_deleted()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"id":"before"}""");
        Assert.That(
            (await client.GetAsync("/trustFramework/keySets/before")).StatusCode,
            Is.EqualTo(HttpStatusCode.OK),
            "a connection to the file stays open for such reads");
        File.Delete(SqliteTestDatabase.Of(application).File);

        await (await client.GetAsync("/health/ready"))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        // Open connections could write to the deleted file, and new ones could create an empty file.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            await (await client.CreateAsync("{}"))
                .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
            JsonObject batch = await (await client.SendJsonAsync(HttpMethod.Post, "/$batch", Group)).JsonAsync();
            Assert.That(
                (int?)batch["responses"]?[0]!["status"] ?? (batch["error"] is null ? 0 : 503),
                Is.EqualTo(503),
                batch.ToJsonString());
            application.Database.Close();
            await (await client.GetAsync("/trustFramework/keySets/before"))
                .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        }

        Assert.That(File.Exists(SqliteTestDatabase.Of(application).File), Is.False);
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("")]
    [TestCase("-wal")]
    public async Task Is_not_ready_and_stores_nothing_when_a_file_of_the_database_is_replaced(string suffix)
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync("""{"id":"before"}""");
        string file = SqliteTestDatabase.Of(application).File + suffix;
        File.Copy(file, $"{file}-copy");
        File.Move(file, $"{file}-away");
        if (suffix.Length == 0)
        {
            File.Move($"{file}-copy", file);
        }

        await (await client.CreateAsync("{}"))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        await (await client.GetAsync("/health/ready"))
            .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
    }
}

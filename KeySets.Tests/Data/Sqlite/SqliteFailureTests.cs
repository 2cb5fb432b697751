using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using KeySets.Api.Data.Sqlite;
using KeySets.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>Writes while the SQLite file is busy, or while its disk is full.</summary>
public sealed class SqliteFailureTests
{
    [Test]
    public async Task Answers_503_while_another_process_writes_and_goes_on_after_it()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        HttpClient writer = application.Writer;
        await writer.CreateAsync("""{"id":"before"}""");
        await using SqliteConnection other = new(SqliteTestDatabase.Of(application).ConnectionString);
        await other.OpenAsync();
        await using (DbTransaction transaction = await other.BeginTransactionAsync())
        {
            HttpResponseMessage[] refused = await Task.WhenAll(
                writer.CreateAsync("""{"id":"during-1"}"""), writer.CreateAsync("""{"id":"during-2"}"""));
            foreach (HttpResponseMessage response in refused)
            {
                await response.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
                Assert.That(response.Header("Retry-After"), Is.EqualTo("1"));
            }

            Assert.That(
                (await writer.GetAsync("/trustFramework/keySets/before")).StatusCode,
                Is.EqualTo(HttpStatusCode.OK),
                "reads go on");
            Assert.That(log.Lines, Has.Some.Contains("database is locked"));
        }

        Assert.That((await writer.CreateAsync("""{"id":"during-1"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Answers_507_when_the_database_cannot_grow_and_stores_no_part_of_the_write()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        WriteQueue queue = application.Services.GetRequiredService<WriteQueue>();
        string large = $$"""{"id":"large","keys":[{"kty":"x","n":"{{new string('n', 500_000)}}"}]}""";
        // The limit applies to the connection, which the next write has too.
        await queue.RunAsync(connection => connection.Connection.RunPragmaAsync("max_page_count = 40"));

        HttpResponseMessage[] responses = await Task.WhenAll(
            writer.CreateAsync("""{"id":"small-1"}"""),
            writer.CreateAsync(large),
            writer.CreateAsync("""{"id":"small-2"}"""));

        Assert.That(responses[0].StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await responses[1].AssertErrorAsync(HttpStatusCode.InsufficientStorage, "InsufficientStorage");
        Assert.That(responses[2].StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(
            (await writer.GetAsync("/trustFramework/keySets/large")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(
            (await writer.GetAsync("/trustFramework/keySets/small-2")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Reports_a_full_disk_in_a_group_too()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        await writer.CreateAsync("{}");
        await application.Services.GetRequiredService<WriteQueue>()
            .RunAsync(connection => connection.Connection.RunPragmaAsync("max_page_count = 40"));
        string key = $$"""{"id":"too-long","keys":[{"kty":"x","kid":"1","n":"{{new string('n', 900_000)}}"}]}""";

        HttpResponseMessage single = await writer.CreateAsync(key);
        Dictionary<string, JsonObject> answers =
            await writer.BatchAsync("", [Request("1", "POST", "trustFramework/keySets", key, "g")]);

        await single.AssertErrorAsync(HttpStatusCode.InsufficientStorage, "InsufficientStorage");
        Assert.That(single.Header("Retry-After"), Is.EqualTo("30"));
        Assert.That((int)answers["1"]["status"]!, Is.EqualTo(507));
        Assert.That((string?)answers["1"]["body"]!["error"]!["code"], Is.EqualTo("InsufficientStorage"));
    }
}

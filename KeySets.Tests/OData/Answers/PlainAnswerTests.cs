using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Answers;

/// <summary>
/// The service writes whole sets and keys itself, in the formats that clients ask for most. ASP.NET Core OData writes
/// the rest. Both write the same bytes and headers.
/// </summary>
[SuppressMessage(
    "Security", "CA5394", Justification = "Nothing here is secret, and a run must be repeatable from its seed.")]
public sealed class PlainAnswerTests : ApiTests
{
    private const int Seed = 14;
    private const int Sets = 40;

    private static readonly string[] Letters =
        ["a", "Z", "0", " ", "\"", "\\", "/", "<", ">", "&", "'", "+", "=", "\u0001", "\n", "\t", "\u007f",
            "\u0085", "\u00a0", "é", "Ω", "\u2028", "\u2029", "\ufeff", "\ufffd", "\uffff", "漢", "😀", "\U0010ffff"];

    // What each level of metadata is called in a form that the service leaves to ASP.NET Core OData, and in one that it
    // writes itself.
    private static readonly (string Plain, string Other)[] Levels =
    [
        ("*/*", "application/json;q=0.9, text/x-other;q=0.1"),
        ("application/json;odata.metadata=minimal", "application/json;odata.metadata=minimal;q=0.9"),
        ("application/json;odata.metadata=none", "application/json;odata.metadata=none;q=0.9"),
    ];

    private static readonly string[] Versions = ["4.0", "4.01"];

    private static readonly string[] Urls =
    [
        "/trustFramework/keySets", "/keySets", "/beta/trustFramework/keySets", "/beta/keySets",
        "/trustFramework/keySets?$count=true&$top=3", "/keySets?$top=0&$count=true", "/keySets?$skip=2",
        "/trustFramework/keySets?$filter=keys/any(k:k/use eq 'sig')&$orderby=id desc&$count=true",
        "/trustFramework/keySets('{0}')", "/keySets('{0}')", "/beta/trustFramework/keySets('{0}')",
        "/trustFramework/keySets/{0}", "/keySets(id='{0}')/", "/keySets(@a)?@a='{0}'",
        "/trustFramework/keySets('{0}')/keys", "/keySets/{0}/keys?$count=true", "/KeySets('{0}')/keys?$orderby=kid",
        "/keySets(@a)/keys?@a='{0}'",
        "/trustFramework/keySets('{0}')/getActiveKey()", "/beta/keySets('{0}')/getActiveKey",
    ];

    private static readonly Random Random = new(Seed);

    [OneTimeSetUp]
    public async Task Create()
    {
        for (int index = 0; index < Sets; index++)
        {
            HttpResponseMessage response = await Writer.CreateAsync(Set($"set-{index}"));
            Assert.That(
                response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        }
    }

    [Test]
    public async Task Are_the_bytes_and_headers_that_OData_writes(
        [ValueSource(nameof(Urls))] string url,
        [ValueSource(nameof(Versions))] string version,
        [Values(0, 1, 2)] int level)
    {
        int count = url.Contains("{0}", StringComparison.Ordinal) ? Sets : 1;
        for (int index = 0; index < count; index++)
        {
            string address = string.Format(null, CompositeFormat.Parse(url), $"set-{index}");

            string plain = await ReadAsync(address, version, Levels[level].Plain);

            Assert.That(plain, Is.EqualTo(await ReadAsync(address, version, Levels[level].Other)), address);
        }
    }

    [Test]
    public async Task Show_private_members_to_their_writer_as_OData_does(
        [ValueSource(nameof(Versions))] string version, [Values(0, 1, 2)] int level, [Values("k", "qi")] string last)
    {
        string id = $"written-{version}-{level}-{last}";
        JsonObject key = last is "k" ? SampleKeys.Oct() : SampleKeys.PrivateRsa();
        key["kid"] = "key";
        JsonObject body = new() { ["id"] = id, ["keys"] = new JsonArray(key) };
        List<string> answers = [];
        foreach (string accept in (string[])[Levels[level].Plain, Levels[level].Other])
        {
            await Writer.DeleteAsync($"/keySets('{id}')");
            HttpResponseMessage response =
                await Writer.CreateAsync(body, ("Accept", accept), ("OData-Version", version));
            Assert.That(
                response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
            string etag = response.Headers.ETag!.Tag.Trim('"');
            answers.Add((await DescribeAsync(response)).Replace(etag, "etag", StringComparison.Ordinal));
        }

        Assert.That(answers[0], Is.EqualTo(answers[1]).And.Contain($"\"{last}\":"));
    }

    private static JsonObject Set(string id) => new()
    {
        ["id"] = id,
        ["keys"] = new JsonArray([.. Enumerable.Range(0, Random.Next(4)).Select(index => Key($"{index}"))]),
    };

    private static JsonObject Key(string kid)
    {
        JsonObject key = new() { ["kty"] = $"x{Text()}", ["kid"] = kid + Text() };
        foreach (string name in (string[])["x5t", "e", "n"])
        {
            if (Random.Next(2) == 0)
            {
                key[name] = Text();
            }
        }

        if (Random.Next(2) == 0)
        {
            key["use"] = "sig";
            key["nbf"] = Random.NextInt64(1_700_000_000);
            key["exp"] = Random.NextInt64(4_000_000_000, 9_000_000_000);
        }

        return key;
    }

    private static string Text() =>
        string.Concat(Enumerable.Range(0, Random.Next(6)).Select(_ => Letters[Random.Next(Letters.Length)]));

    private async Task<string> ReadAsync(string url, string version, string accept) => await DescribeAsync(
        await Writer.SendAsync(HttpMethod.Get, url, null, ("Accept", accept), ("OData-MaxVersion", version)));

    private static async Task<string> DescribeAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            // A set without an active key. The body holds the id of the request.
            return $"{response.StatusCode}";
        }

        IEnumerable<string> headers = response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "request-id")
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
            .Order(StringComparer.Ordinal);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        return $"{response.StatusCode}\n{string.Join('\n', headers)}\n\n{Encoding.UTF8.GetString(body)}";
    }
}

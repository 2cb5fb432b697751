using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>
/// The OpenAPI document conforms to the schema of OpenAPI 3.1, and npm @hey-api/openapi-ts generates a TypeScript
/// client from it.
/// </summary>
public sealed class OpenApiClientTests
{
    private const string Secret = "c2VjcmV0";

    private GeneratedClient? _client;

    /// <remarks>Once for all tests, since it takes seconds.</remarks>
    [OneTimeSetUp]
    public async Task Generate()
    {
        _client = new GeneratedClient("/openapi/v1.json", "openapi.json", "create");
        await _client.StartAsync(
            "@hey-api/openapi-ts/bin/run.js", "--input", "openapi.json", "--output", "generated", "--no-log-file");
    }

    [OneTimeTearDown]
    public void Stop() => _client?.Dispose();

    [Test]
    public async Task Is_valid_OpenAPI_3_1()
    {
        JsonObject found = await NodeJs.AskAsync("validate.mjs", _client!.Description);

        Assert.That((string?)found["version"], Is.EqualTo("3.1"));
        Assert.That((bool?)found["valid"], Is.True, found["errors"]?.ToJsonString());
    }

    [Test]
    public async Task Creates_a_set_and_shows_the_sent_values()
    {
        JsonObject created = await DoAsync(201, "create", "Created", "first", Secret);

        Assert.That((string?)created["data"]!["id"], Is.EqualTo("Created"));
        Assert.That((string?)created["data"]!["keys"]![0]!["k"], Is.EqualTo(Secret));
    }

    [Test]
    public async Task Tells_by_an_error_code_why_a_second_set_with_the_same_id_is_refused()
    {
        await DoAsync(201, "create", "Twice", "first", Secret);

        Assert.That(
            (string?)(await DoAsync(409, "create", "Twice", "first", Secret))["code"], Is.EqualTo("AADB2C95028"));
    }

    [Test]
    public async Task Finds_sets_by_query_options()
    {
        await DoAsync(201, "create", "Find-1", "first", Secret);
        await DoAsync(201, "create", "Find-2", "first", Secret);

        JsonObject found = (await DoAsync(200, "find", "Find-"))["data"]!.AsObject();

        Assert.That((int?)found["@odata.count"], Is.EqualTo(2));
        Assert.That(found["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["Find-1", "Find-2"]));
    }

    [Test]
    public async Task Generates_disables_and_removes_keys_with_any_kid()
    {
        const string kid = "https://issuer.example/a%2Fb?c=d#e'f";
        await DoAsync(201, "create", "Keys", kid, Secret);
        string generated = (string)(await DoAsync(200, "generate", "Keys"))["data"]!["kid"]!;

        await DoAsync(204, "disable", "Keys", kid);
        await DoAsync(204, "removeKey", "Keys", kid);

        JsonObject set = (await DoAsync(200, "get", "Keys"))["data"]!.AsObject();
        Assert.That(set["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo([generated]));
    }

    private Task<JsonObject> DoAsync(int status, params string[] step) => _client!.DoAsync(status, step);
}

using System.Net;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>Tests of an operation on key sets. Each test has its own set.</summary>
public abstract class OperationTests(KeySetsApplication? application = null) : ApiTests(application)
{
    /// <summary>The id of the set.</summary>
    protected string Id { get; private set; } = "";

    /// <summary>The URL of the set.</summary>
    protected string Set => $"{HttpExtensions.KeySets}('{Id}')";

    /// <summary>Creates the set.</summary>
    [SetUp]
    public async Task CreateSet()
    {
        Id = $"set-{Guid.NewGuid():N}";
        Assert.That(
            (await Writer.CreateAsync(new JsonObject { ["id"] = Id })).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    /// <summary>Calls an action of the set.</summary>
    protected Task<HttpResponseMessage> PostAsync(
        string action, string body, params (string Name, string Value)[] headers) =>
        Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/{action}", body, headers);

    /// <summary>Calls an action of the set that adds a key.</summary>
    /// <returns>The key in the answer.</returns>
    protected async Task<JsonObject> AddAsync(string action, JsonObject body)
    {
        HttpResponseMessage response = await PostAsync(action, body.ToJsonString());
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    /// <summary>Calls an action, and asserts that the service refuses it and changes nothing.</summary>
    protected async Task AssertRefusedAsync(
        string action,
        string body,
        string code,
        string? target,
        HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        string before = await Writer.GetStringAsync(Set);

        await (await PostAsync(action, body)).AssertErrorAsync(status, code, target);

        Assert.That(await Writer.GetStringAsync(Set), Is.EqualTo(before));
    }

    /// <summary>Replaces the keys of the set.</summary>
    protected async Task PutKeysAsync(params JsonNode[] keys)
    {
        HttpResponseMessage response = await Writer.SendJsonAsync(
            HttpMethod.Put, $"{Set}/keys", new JsonObject { ["value"] = new JsonArray(keys) }.ToJsonString());
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    /// <summary>Disables a key of the set.</summary>
    protected async Task DisableAsync(string kid) => Assert.That(
        (await Writer.SendJsonAsync(HttpMethod.Patch, $"{Set}/keys_v2('{kid}')", """{"status":"disabled"}"""))
            .StatusCode,
        Is.EqualTo(HttpStatusCode.NoContent));

    /// <summary>The keys of the set.</summary>
    protected async Task<JsonArray> KeysAsync() =>
        (await (await Writer.GetAsync(Set)).JsonAsync())["keys"]!.AsArray();

    /// <summary>Members of a key as one line, such as <c>RSA sig 1 null</c>.</summary>
    protected static string Members(JsonNode key, params string[] names) =>
        string.Join(' ', names.Select(name => key[name]?.ToString() ?? "null"));
}

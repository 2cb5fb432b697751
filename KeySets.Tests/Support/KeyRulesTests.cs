using System.Net;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>Tests of the rules for keys when a key set is created.</summary>
public abstract class KeyRulesTests : ApiTests
{
    /// <summary>A key with one member changed.</summary>
    protected static JsonObject With(JsonObject key, string member, JsonNode? value)
    {
        key[member] = value;
        return key;
    }

    /// <summary>Posts a set with these keys.</summary>
    protected Task<HttpResponseMessage> PostAsync(params JsonNode[] keys) =>
        Writer.CreateAsync(new JsonObject { ["keys"] = new JsonArray(keys) });

    /// <summary>Asserts that a set with this key is created.</summary>
    /// <returns>The key in the answer.</returns>
    protected async Task<JsonObject> CreateAsync(JsonNode key)
    {
        HttpResponseMessage response = await PostAsync(key);
        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        return (await response.JsonAsync())["keys"]![0]!.AsObject();
    }

    /// <summary>Asserts that a set with this key is refused and not stored.</summary>
    /// <param name="key">The key.</param>
    /// <param name="code">The code of the error.</param>
    /// <param name="member">The member that the error points to; null for the whole key.</param>
    protected async Task AssertRefusedAsync(JsonObject key, string code, string? member)
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            new JsonObject { ["id"] = "refused", ["keys"] = new JsonArray(key) });

        await response.AssertErrorAsync(
            HttpStatusCode.BadRequest, code, member is null ? "keys/0" : $"keys/0/{member}");
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/refused")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}

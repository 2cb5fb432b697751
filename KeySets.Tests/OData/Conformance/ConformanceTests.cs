using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>
/// Tests of the rows of the conformance table, the parts of OData that the service claims, at one of its roots. The
/// sets are <c>Empty</c>, <c>oct1</c> with one symmetric key, and <c>set1</c> to <c>set5</c>, each with an EC key for
/// signatures and one for encryption.
/// </summary>
/// <param name="root">Empty, or <c>/beta</c>.</param>
public abstract class ConformanceTests(string root) : ApiTests
{
    /// <summary>The path of the key sets.</summary>
    protected string K { get; } = $"{root}/trustFramework/keySets";

    /// <summary>The path of the service.</summary>
    protected string Root { get; } = root;

    /// <summary>The beginning of every context URL.</summary>
    protected string Context { get; } = $"http://localhost{root}/$metadata#trustFramework";

    /// <summary>Stores the sets.</summary>
    [OneTimeSetUp]
    public async Task CreateSets()
    {
        await PutAsync("Empty", "[]");
        await PutAsync(
            "oct1", """[{"kty":"oct","kid":"secret","use":"sig","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}]""");
        for (int number = 1; number <= 5; number++)
        {
            await PutAsync($"set{number}", $$"""
                [{"kty":"EC","kid":"a{{number}}","use":"sig","exp":{{number}}},
                 {"kty":"EC","kid":"b{{number}}","use":"enc","exp":1{{number}},"x5c":["MIIx","ABC"]}]
                """);
        }
    }

    /// <summary>Stores a set with these keys.</summary>
    protected async Task<HttpResponseMessage> PutAsync(
        string id, string keys, params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Put, $"{K}('{id}')", $$"""{"keys":{{keys}}}""", headers);

    /// <summary>Sends JSON.</summary>
    protected Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string url, string? json, params (string Name, string Value)[] headers) =>
        Writer.SendAsync(
            method, url, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>Gets a URL and asserts status 200.</summary>
    protected async Task<JsonObject> GetAsync(string url, params (string Name, string Value)[] headers)
    {
        HttpResponseMessage response = await Writer.GetAsync(url, headers);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    /// <summary>The ids of the sets that a query finds, joined by spaces.</summary>
    protected async Task<string> IdsAsync(string query, params (string Name, string Value)[] headers) =>
        Ids(await GetAsync($"{K}?{query}", headers));

    /// <summary>The ids of the sets in an answer, joined by spaces.</summary>
    protected static string Ids(JsonObject answer) =>
        string.Join(' ', answer["value"]!.AsArray().Select(set => (string?)set!["id"]));
}

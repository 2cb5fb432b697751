using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>Shorthands for requests and answers.</summary>
public static class HttpExtensions
{
    /// <summary>The URL of the key sets.</summary>
    public const string KeySets = "/trustFramework/keySets";

    /// <summary>Creates a key set from an object.</summary>
    public static Task<HttpResponseMessage> CreateAsync(
        this HttpClient client, JsonNode keySet, params (string Name, string Value)[] headers) =>
        client.CreateAsync(keySet.ToJsonString(), headers);

    /// <summary>Creates a key set from JSON text.</summary>
    public static Task<HttpResponseMessage> CreateAsync(
        this HttpClient client, string json, params (string Name, string Value)[] headers) =>
        client.SendAsync(
            HttpMethod.Post,
            KeySets,
            new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            headers);

    /// <summary>Sends a request with headers. A Content-Type among them replaces that of the content.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient client,
        HttpMethod method,
        string url,
        HttpContent? content = null,
        params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, url) { Content = content };
        foreach ((string name, string value) in headers)
        {
            if (name == "Content-Type")
            {
                content!.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await client.SendAsync(request);
    }

    /// <summary>Sends JSON.</summary>
    public static Task<HttpResponseMessage> SendJsonAsync(
        this HttpClient client,
        HttpMethod method,
        string url,
        string json,
        params (string Name, string Value)[] headers) =>
        client.SendAsync(
            method,
            url,
            new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            headers);

    /// <summary>Gets a URL with headers.</summary>
    public static Task<HttpResponseMessage> GetAsync(
        this HttpClient client, string url, params (string Name, string Value)[] headers) =>
        client.SendAsync(HttpMethod.Get, url, null, headers);

    /// <summary>The JSON of an answer.</summary>
    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonObject>(await response.Content.ReadAsStringAsync())!;

    /// <summary>The schema in <c>/$metadata</c>, in CSDL JSON: its types and its container by name.</summary>
    public static async Task<JsonObject> SchemaAsync(this HttpClient client, string root = "") =>
        (await (await client.GetAsync($"{root}/$metadata?$format=json")).JsonAsync())["microsoft.cpim.api.dataModels"]!
            .AsObject();

    /// <summary>The values of a header, joined; null if there is none.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values)
        || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>
    /// The name of the member that finds the request in the log: OData's at <c>/</c>, the cloud's there.
    /// </summary>
    public static string InnerErrorName(this HttpResponseMessage response) =>
        response.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/beta/", StringComparison.Ordinal)
            ? "innerError"
            : "innererror";

    /// <summary>Asserts that an answer is an error of the one shape, with this status, code and target.</summary>
    public static async Task AssertErrorAsync(
        this HttpResponseMessage response, HttpStatusCode status, string code, string? target = null)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), body);
        JsonObject error = (await response.JsonAsync())["error"]!.AsObject();
        JsonObject inner = error[response.InnerErrorName()]!.AsObject();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json"));
            Assert.That(response.Header("Content-Language"), Is.EqualTo("en"));
            Assert.That(response.Header("OData-Version"), Is.AnyOf("4.0", "4.01"));
            Assert.That(
                error.Select(member => member.Key),
                Is.EqualTo(["code", "message", "target", "details", response.InnerErrorName()]));
            Assert.That((string?)error["code"], Is.EqualTo(code));
            Assert.That((string?)error["message"], Is.Not.Empty);
            Assert.That((string?)error["target"], Is.EqualTo(target), (string?)error["message"]);
            Assert.That(error["details"], Is.InstanceOf<JsonArray>());
            Assert.That(inner.Select(member => member.Key), Is.EqualTo(["date", "request-id", "client-request-id"]));
            Assert.That((string?)inner["date"], Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"));
            Assert.That((string?)inner["request-id"], Is.EqualTo(response.Header("request-id")));
        }
    }
}

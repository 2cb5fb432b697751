using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Tests.Hosting.Server;

/// <summary>Clients in browsers that come from the origins of the setting <c>KeySets:Cors:Origins</c>.</summary>
public sealed class CrossOriginTests()
    : ApiTests(new KeySetsApplication(("KeySets:Cors:Origins:0", Origin), ("KeySets:Cors:Origins:1", "app://other")))
{
    private const string Origin = "https://app.example";
    private const string Sets = HttpExtensions.KeySets;

    // What a browser shows of every answer (Fetch, "CORS-safelisted response-header name"), and what is not for
    // clients.
    private static readonly string[] Shown =
        ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Pragma"];

    private static readonly string[] NotForClients = ["Vary", "Date", "Transfer-Encoding"];

    [OneTimeSetUp]
    public Task CreateSet() => Writer.CreateAsync("""{"id":"there"}""");

    [TestCase("GET", Sets)]
    [TestCase("POST", Sets)]
    [TestCase("PUT", $"{Sets}('x')")]
    [TestCase("PATCH", $"/beta{Sets}/x/keys_v2/kid")]
    [TestCase("DELETE", $"{Sets}('x')")]
    [TestCase("POST", "/$batch")]
    [TestCase("POST", "/beta/$batch")]
    [TestCase("POST", $"{Sets}/x/generateKey")]
    [TestCase("POST", $"{Sets}/$query")]
    [TestCase("GET", "/$metadata")]
    public async Task Lets_a_browser_of_a_listed_origin_ask_first_without_a_token(string method, string url)
    {
        HttpResponseMessage response = await PreflightAsync(url, Origin, method, "authorization,if-match,x-csrf-token");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo(Origin));
        Assert.That(response.Header("Access-Control-Allow-Methods"), Does.Contain(method));
        Assert.That(
            response.Header("Access-Control-Allow-Headers"), Is.EqualTo("authorization,if-match,x-csrf-token"));
        Assert.That(response.Header("Access-Control-Max-Age"), Is.EqualTo("600"));
        Assert.That(response.Header("Access-Control-Allow-Credentials"), Is.Null);
        Assert.That(response.Header("request-id"), Is.Not.Null);
    }

    [TestCase("https://app.example.evil")]
    [TestCase("http://app.example")]
    [TestCase("https://app.example:8443")]
    [TestCase("null")]
    public async Task Allows_nothing_to_another_origin(string origin)
    {
        HttpResponseMessage preflight = await PreflightAsync(Sets, origin, "GET", "authorization");
        HttpResponseMessage answer = await Writer.GetAsync(Sets, ("Origin", origin));

        Assert.That(CorsHeaders(preflight).Concat(CorsHeaders(answer)), Is.Empty);
    }

    [TestCase("GET", Sets, 200)]
    [TestCase("GET", $"/beta{Sets}", 200)]
    [TestCase("GET", $"{Sets}?$filter=nothing", 400)]
    [TestCase("GET", $"{Sets}(@k)", 400)]
    [TestCase("GET", "/nowhere", 404)]
    [TestCase("GET", $"/beta{Sets}/nobody", 404)]
    [TestCase("PUT", Sets, 405)]
    [TestCase("GET", $"{Sets}?$format=atom", 406)]
    [TestCase("POST", $"{Sets}/there/keys", 415)]
    [TestCase("GET", $"{Sets}/$each", 501)]
    public async Task Shows_every_answer_to_a_listed_origin(string method, string url, int status)
    {
        HttpResponseMessage response =
            await Writer.SendAsync(new HttpMethod(method), url, headers: ("Origin", Origin));

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        AssertShown(response);
    }

    [Test]
    public async Task Shows_refused_clients_and_bodies_to_a_listed_origin()
    {
        (string, string) origin = ("Origin", Origin);
        HttpResponseMessage[] responses =
        [
            await Application.Anonymous.GetAsync(Sets, origin),
            await Application.Reader.CreateAsync("{}", origin),
            await Writer.CreateAsync("""{"id":"there"}""", origin),
            await Writer.SendJsonAsync(HttpMethod.Put, $"{Sets}/there", "{}", origin, ("If-Match", "W/\"x\"")),
            await Writer.CreateAsync("{}".PadRight((1024 * 1024) + 1), origin),
        ];

        Assert.That(responses.Select(response => (int)response.StatusCode), Is.EqualTo([401, 403, 409, 412, 413]));
        Array.ForEach(responses, AssertShown);
    }

    [Test]
    public async Task Shows_an_internal_failure_to_a_listed_origin()
    {
        await using KeySetsApplication application = new(("KeySets:Cors:Origins:0", Origin));
        HttpClient writer = application.Writer;
        await application.Rows.ReadAsync(context => context.Database.ExecuteSqlRawAsync("DROP TABLE \"Keys\""));

        HttpResponseMessage response = await writer.GetAsync($"{Sets}/x", ("Origin", Origin));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        AssertShown(response);
    }

    [Test]
    public async Task Exposes_every_header_of_its_answers()
    {
        (string, string) origin = ("Origin", Origin);
        HttpResponseMessage[] responses =
        [
            await Writer.CreateAsync("{}", origin, ("Prefer", "return=minimal"), ("client-request-id", "mine")),
            await Writer.CreateAsync("{}", origin, ("Prefer", "return=representation")),
            await Writer.GetAsync($"{Sets}/there", origin),
            await Application.Anonymous.GetAsync(Sets, origin),
            await Application.Reader.CreateAsync("{}", origin),
            await Writer.SendAsync(HttpMethod.Put, Sets, headers: origin),
            await Writer.GetAsync("/health/ready", origin),
            await Application.Anonymous.GetAsync($"{Sets}/there/jwks", origin),
        ];
        string[] exposed = responses[0].Header("Access-Control-Expose-Headers")!.Split(',');

        IEnumerable<string> sent = responses
            .SelectMany(response => response.Headers.Concat(response.Content.Headers))
            .Select(header => header.Key)
            .Where(name => !name.StartsWith("Access-Control-", StringComparison.Ordinal));

        Assert.That(
            sent.Distinct().Except([.. exposed, .. Shown, .. NotForClients], StringComparer.OrdinalIgnoreCase),
            Is.Empty);
        Assert.That(exposed, Does.Contain("OData-EntityId").And.Contain("Preference-Applied"));
        Assert.That(exposed, Does.Contain("Retry-After").And.Contain("WWW-Authenticate").And.Contain("Location"));
    }

    [Test]
    public async Task Answers_for_the_parts_of_a_batch_once()
    {
        JsonObject[] parts =
        [
            Batches.Request("1", "GET", "trustFramework/keySets"),
            Batches.Request("2", "GET", "trustFramework/keySets/nobody"),
            Batches.Request("3", "GET", "trustFramework/keySets/there/jwks"),
        ];
        JsonObject batch = new() { ["requests"] = new JsonArray([.. parts]) };

        HttpResponseMessage response =
            await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", batch.ToJsonString(), ("Origin", Origin));

        AssertShown(response);
        IEnumerable<string> headers = (await response.JsonAsync())["responses"]!.AsArray()
            .SelectMany(part => part!["headers"]!.AsObject())
            .Select(header => header.Key);
        Assert.That(headers, Has.None.StartsWith("access-control-").IgnoreCase);
    }

    [Test]
    public async Task Tells_caches_that_answers_depend_on_the_origin()
    {
        HttpResponseMessage asked = await Writer.GetAsync($"{Sets}/there", ("Origin", Origin));
        HttpResponseMessage plain = await Writer.GetAsync($"{Sets}/there");

        Assert.That(asked.Header("Vary"), Is.EqualTo("Accept, OData-MaxVersion, Prefer, Origin"));
        Assert.That(plain.Header("Vary"), Is.EqualTo(asked.Header("Vary")));
    }

    [TestCase("é")]
    [TestCase("authorization, a\u007fb")]
    public async Task Repeats_no_names_of_headers_that_no_header_has(string names)
    {
        HttpResponseMessage response = await PreflightAsync(Sets, Origin, "GET", names);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Header("Access-Control-Allow-Headers"), Is.Null);
    }

    [Test]
    public async Task Is_off_without_the_setting()
    {
        await using KeySetsApplication application = new();

        HttpResponseMessage preflight = await PreflightAsync(Sets, Origin, "GET", null, application.Anonymous);
        HttpResponseMessage answer = await application.Writer.GetAsync(Sets, ("Origin", Origin));

        Assert.That(preflight.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(CorsHeaders(preflight).Concat(CorsHeaders(answer)), Is.Empty);
        Assert.That(answer.Header("Vary"), Does.Not.Contain("Origin"));
    }

    private Task<HttpResponseMessage> PreflightAsync(
        string url, string origin, string method, string? headers, HttpClient? client = null) =>
        (client ?? Application.Anonymous).SendAsync(
            HttpMethod.Options,
            url,
            headers: [
                ("Origin", origin),
                ("Access-Control-Request-Method", method),
                .. headers is null ? Array.Empty<(string, string)>() : [("Access-Control-Request-Headers", headers)],
            ]);

    private static void AssertShown(HttpResponseMessage response)
    {
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo(Origin), $"{response.StatusCode}");
        Assert.That(response.Header("Access-Control-Expose-Headers"), Does.Contain("request-id"));
        Assert.That(response.Header("Vary"), Does.EndWith("Origin"));
    }

    private static IEnumerable<string> CorsHeaders(HttpResponseMessage response) =>
        response.Headers.Select(header => header.Key).Where(
            name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
}

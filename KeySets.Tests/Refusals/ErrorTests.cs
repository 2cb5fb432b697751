using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Tests.Refusals;

/// <summary>The one shape of every error, and the headers of every answer.</summary>
public sealed class ErrorTests : ApiTests
{
    [TestCase("/nowhere")]
    [TestCase("/trustFramework/other")]
    [TestCase("/beta/beta/trustFramework/keySets")]
    [TestCase("/trustFramework/keySets('unclosed")]
    [TestCase("/trustFramework/keySets/a/b/c")]
    public async Task Says_that_there_is_nothing_at_a_url(string url) =>
        await (await Writer.GetAsync(url)).AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");

    [TestCase("PUT", "/trustFramework/keySets", "GET", "HEAD", "POST")]
    [TestCase("DELETE", "/beta/trustFramework/keySets", "GET", "HEAD", "POST")]
    [TestCase("POST", "/trustFramework/keySets('x')", "DELETE", "GET", "HEAD", "PATCH", "PUT")]
    [TestCase("PATCH", "/trustFramework/keySets/x/keys", "DELETE", "GET", "HEAD", "POST", "PUT")]
    [TestCase("PUT", "/trustFramework/keySets/x/id", "GET", "HEAD")]
    [TestCase("DELETE", "/trustFramework/keySets('x')/id/$value", "GET", "HEAD")]
    [TestCase("PATCH", "/trustFramework", "GET", "HEAD")]
    [TestCase("PATCH", "/beta/trustFramework", "GET", "HEAD")]
    [TestCase("POST", "/trustFramework/keySets/$count", "GET", "HEAD")]
    [TestCase("PUT", "/$metadata", "GET", "HEAD")]
    [TestCase("GET", "/$batch", "POST")]
    public async Task Says_which_methods_a_resource_has(string method, string url, params string[] allowed)
    {
        HttpResponseMessage response = await Writer.SendAsync(new HttpMethod(method), url);

        await response.AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        Assert.That(response.Content.Headers.Allow, Is.EqualTo(allowed));
    }

    [Test]
    public async Task Reveals_nothing_about_an_internal_failure()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        await application.Rows.ReadAsync(context => context.Database.ExecuteSqlRawAsync("DROP TABLE \"Keys\""));

        HttpResponseMessage written = await writer.CreateAsync(
            new JsonObject { ["keys"] = new JsonArray(SampleKeys.Oct()) });
        HttpResponseMessage read = await writer.GetAsync("/trustFramework/keySets/x");

        await written.AssertErrorAsync(HttpStatusCode.InternalServerError, "InternalServerError");
        await read.AssertErrorAsync(HttpStatusCode.InternalServerError, "InternalServerError");
        Assert.That(await read.Content.ReadAsStringAsync(), Does.Not.Contain("SQLite").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Logs_an_internal_failure_under_the_id_in_the_answer()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        HttpClient writer = application.Writer;
        await application.Rows.ReadAsync(context => context.Database.ExecuteSqlRawAsync("DROP TABLE \"Keys\""));

        HttpResponseMessage response = await writer.GetAsync("/trustFramework/keySets/x");

        Assert.That(
            log.Lines,
            Has.Some.Contains(response.Header("request-id")!).And.Contains("Keys").And.Contains("Exception"));
    }

    [Test]
    public async Task Logs_nothing_of_a_request_that_it_refuses()
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };

        await application.Writer.CreateAsync("""{"keys":[{"kty":"RSA","d":"private-canary"}]}""");
        await application.Writer.CreateAsync("""{"keys":[{"d":private-canary}]}""");
        await application.Writer.GetAsync("/trustFramework/keySets(@k)");
        await application.Writer.GetAsync("/trustFramework/keySets(@k)?@k=5");
        await application.Writer.GetAsync("/trustFramework/keySets?$filter=keys/any(k:k/exp ne NaN)");
        await application.Writer.GetAsync("/trustFramework?$expand=$ref");

        Assert.That(log.Lines, Has.None.Contains("private-canary").And.None.StartsWith("Error"));
    }

    [TestCase("/trustFramework/keySets(@k)")]
    public async Task Says_that_it_cannot_read_a_url(string url) =>
        await (await Writer.GetAsync(url)).AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");

    [TestCase("a..b")]
    [TestCase("a:99999")]
    [TestCase("a'b")]
    public async Task Refuses_a_host_that_no_link_can_contain_and_stores_nothing(string host)
    {
        int before = await Application.CountKeySetsAsync();

        HttpResponseMessage response = await Writer.CreateAsync("{}", ("Host", host));

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "Host");
        Assert.That(await Application.CountKeySetsAsync(), Is.EqualTo(before));
    }

    [TestCase("/health/live?$x=1")]
    [TestCase("/health/ready?$format=x")]
    public async Task Ignores_OData_headers_and_options_outside_OData(string url) =>
        Assert.That(
            (await Writer.GetAsync(url, ("OData-MaxVersion", "3.0"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("GET", "/")]
    [TestCase("GET", "/$metadata")]
    [TestCase("GET", "/health/live")]
    [TestCase("GET", "/nowhere")]
    [TestCase("GET", "/trustFramework/keySets/nobody")]
    [TestCase("DELETE", "/trustFramework/keySets")]
    public async Task Puts_its_version_and_an_id_on_every_answer(string method, string url)
    {
        HttpResponseMessage response = await Writer.SendAsync(new HttpMethod(method), url);
        HttpResponseMessage another = await Writer.SendAsync(new HttpMethod(method), url);

        Assert.That(response.Header("OData-Version"), Is.EqualTo("4.0"));
        Assert.That(Guid.TryParseExact(response.Header("request-id"), "D", out _), Is.True);
        Assert.That(response.Header("request-id"), Is.Not.EqualTo(another.Header("request-id")));
    }

    [Test]
    public async Task Says_4_01_on_an_error_to_a_client_that_allows_it()
    {
        HttpResponseMessage response = await Writer.GetAsync("/nowhere", ("OData-MaxVersion", "4.01"));

        Assert.That(response.Header("OData-Version"), Is.EqualTo("4.01"));
    }

    [Test]
    public async Task Returns_the_id_that_the_client_sends()
    {
        HttpResponseMessage response = await Writer.GetAsync(
            "/trustFramework/keySets/nobody", ("client-request-id", "run 7, step 3"));

        Assert.That(response.Header("client-request-id"), Is.EqualTo("run 7, step 3"));
        JsonNode inner = (await response.JsonAsync())["error"]!["innererror"]!;
        Assert.That((string?)inner["client-request-id"], Is.EqualTo("run 7, step 3"));
        Assert.That((string?)inner["request-id"], Is.EqualTo(response.Header("request-id")));
    }

    [Test]
    public async Task Does_not_return_an_overlong_id()
    {
        HttpResponseMessage response = await Writer.GetAsync("/nowhere", ("client-request-id", new string('x', 129)));

        Assert.That(response.Header("client-request-id"), Is.Null);
    }
}

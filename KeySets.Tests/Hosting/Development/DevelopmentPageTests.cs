using System.Net;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;

namespace KeySets.Tests.Hosting.Development;

/// <summary>The page to try the service on, and the redirect to it.</summary>
public sealed class DevelopmentPageTests
{
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private readonly KeySetsStandIn _service = new();
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public void Start() =>
        _client = _service.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [TestCase("/", "http://localhost/scalar/")]
    [TestCase("/beta", "http://localhost/beta/scalar/")]
    public async Task Redirects_a_browser_from_the_root_to_the_page(string root, string page)
    {
        HttpResponseMessage response = await _client.GetAsync(root, ("Accept", Browser));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(response.Header("Location"), Is.EqualTo(page));
        Assert.That(response.Header("Vary"), Does.Contain("Accept"));
        Assert.That(
            (await _client.GetAsync(page, ("Accept", Browser))).Content.Headers.ContentType!.MediaType,
            Is.EqualTo("text/html"));
    }

    [TestCase("application/json")]
    [TestCase("*/*")]
    [TestCase("application/json, text/html;q=0.1")]
    public async Task Gives_other_clients_the_service_document(string accept) =>
        Assert.That(await (await _client.GetAsync("/", ("Accept", accept))).JsonAsync(), Does.ContainKey("value"));

    [Test]
    public async Task Redirects_only_requests_that_read()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/") { Headers = { { "Accept", Browser } } };

        Assert.That((await _client.SendAsync(request)).StatusCode, Is.Not.EqualTo(HttpStatusCode.Found));
    }

    [Test]
    public async Task Answers_a_batch_with_a_request_that_would_redirect_a_browser()
    {
        HttpResponseMessage response = await _service.ClientWith(Permissions.ReadWrite).SendJsonAsync(
            HttpMethod.Post,
            "/$batch",
            """{"requests":[{"id":"1","method":"GET","url":"/","headers":{"accept":"text/html"}},"""
            + """{"id":"2","method":"GET","url":"scalar","headers":{"accept":"text/html"}}]}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await response.JsonAsync())["responses"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [TestCase("/openapi/v1.json")]
    [TestCase("/scalar/")]
    public async Task Answers_HEAD_as_GET(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, path);

        Assert.That((await _client.SendAsync(request)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Fills_in_a_token_that_may_write_and_forbids_caching()
    {
        HttpResponseMessage response = await _client.GetAsync("/scalar/");
        string token = (await response.Content.ReadAsStringAsync()).Split("\"token\":\"")[1].Split('"')[0];

        Assert.That(
            (await _service.ClientWithToken(token).CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Header("Cache-Control"), Is.EqualTo("no-store"));
    }

    [Test]
    public async Task Needs_no_other_host()
    {
        string page = await _client.GetStringAsync("/scalar/");

        Assert.That(page, Does.Not.Contain("http://").And.Not.Contain("https://"));
        Assert.That((await _client.GetAsync("/scalar/scalar.js")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Has_no_token_if_an_issuer_is_configured()
    {
        await using KeySetsStandIn service = new();
        HttpClient client = service.WithWebHostBuilder(builder => builder
            .UseSetting("Authentication:Schemes:Bearer:Authority", "https://issuer.invalid")
            .UseSetting("Authentication:Schemes:Bearer:ValidAudiences:0", "keysets")).CreateClient();

        Assert.That(await client.GetStringAsync("/scalar/"), Does.Contain("scalar.js").And.Not.Contain("\"token\""));
    }

    [Test]
    public async Task Exists_only_in_Development()
    {
        await using KeySetsApplication application = new();

        await (await application.Reader.GetAsync("/scalar/"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
        Assert.That(
            (await application.Anonymous.GetAsync("/", ("Accept", Browser))).StatusCode,
            Is.Not.EqualTo(HttpStatusCode.Found));
        Assert.That(
            (await application.Anonymous.GetAsync("/openapi/v1.json")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}

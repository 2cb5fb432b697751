using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>The published keys of a set are for the browsers of every origin, whatever the settings say.</summary>
[OnEveryDatabase(null)]
[OnEveryDatabase("https://app.example")]
public sealed class JwksCrossOriginTests(string? listed)
    : ApiTests(listed is null ? null : new KeySetsApplication(("KeySets:Cors:Origins:0", listed)))
{
    private const string Sets = HttpExtensions.KeySets;
    private const string AllowedOrigin = "Access-Control-Allow-Origin";

    private HttpClient Browser => Application.Anonymous;

    [OneTimeSetUp]
    public async Task CreateSets()
    {
        await Writer.CreateAsync("""{"id":"there","keys":[{"kty":"oct","kid":"jwks","k":"c2VjcmV0"}]}""");
        await Writer.CreateAsync("""{"id":"jwks"}""");
    }

    [TestCase("GET", $"{Sets}('there')/jwks", HttpStatusCode.OK)]
    [TestCase("HEAD", $"{Sets}/there/jwks", HttpStatusCode.OK)]
    [TestCase("GET", $"/beta{Sets}(id='there')/jwks()/", HttpStatusCode.OK)]
    [TestCase("GET", $"{Sets}/jwks/jwks", HttpStatusCode.OK)]
    [TestCase("GET", $"{Sets}/nobody/jwks", HttpStatusCode.NotFound)]
    [TestCase("GET", $"/beta{Sets}('nobody')/jwks", HttpStatusCode.NotFound)]
    [TestCase("POST", $"{Sets}/there/jwks", HttpStatusCode.Unauthorized)]
    [TestCase("OPTIONS", $"{Sets}/there/jwks", HttpStatusCode.Unauthorized)]
    public async Task Are_open_to_every_origin_and_to_caches_that_know_none(
        string method, string url, HttpStatusCode status)
    {
        HttpResponseMessage asked =
            await Browser.SendAsync(new HttpMethod(method), url, headers: ("Origin", "https://anybody.example"));
        HttpResponseMessage plain = await Browser.SendAsync(new HttpMethod(method), url);

        Assert.That((asked.StatusCode, plain.StatusCode), Is.EqualTo((status, status)));
        Assert.That((asked.Header(AllowedOrigin), plain.Header(AllowedOrigin)), Is.EqualTo(("*", "*")));
        Assert.That(asked.Header("Access-Control-Expose-Headers"), Does.Contain("ETag"));
        Assert.That(asked.Header("Vary") ?? "", Does.Not.Contain("Origin"));
    }

    [Test]
    public async Task Are_open_to_every_origin_in_conditional_answers()
    {
        string tag = (await Browser.GetAsync($"{Sets}/there/jwks")).Header("ETag")!;

        HttpResponseMessage same = await Browser.GetAsync($"{Sets}/there/jwks", ("If-None-Match", tag));
        HttpResponseMessage other = await Browser.GetAsync($"{Sets}/there/jwks", ("If-Match", "\"x\""));

        Assert.That((int[])[(int)same.StatusCode, (int)other.StatusCode], Is.EqualTo([304, 412]));
        Assert.That((same.Header(AllowedOrigin), other.Header(AllowedOrigin)), Is.EqualTo(("*", "*")));
    }

    [TestCase($"{Sets}('there')/jwks")]
    [TestCase($"/beta{Sets}/there/jwks()")]
    [TestCase($"{Sets}/nobody/jwks")]
    public async Task Let_a_browser_of_any_origin_ask_first(string url)
    {
        HttpResponseMessage response = await Browser.SendAsync(
            HttpMethod.Options,
            url,
            headers: [
                ("Origin", "https://anybody.example"),
                ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", "if-none-match"),
            ]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Header(AllowedOrigin), Is.EqualTo("*"));
        Assert.That(response.Header("Access-Control-Allow-Methods"), Is.EqualTo("GET,HEAD"));
        Assert.That(response.Header("Access-Control-Allow-Headers"), Is.EqualTo("if-none-match"));
    }

    [TestCase($"{Sets}/jwks")]
    [TestCase($"{Sets}('jwks')")]
    [TestCase($"{Sets}('there')/keys_v2/jwks")]
    [TestCase($"{Sets}('there')/keys_v2('jwks')")]
    [TestCase($"{Sets}('there')/keys")]
    [TestCase("/nowhere/jwks")]
    public async Task Open_nothing_else(string url)
    {
        HttpResponseMessage response = await Writer.GetAsync(url, ("Origin", "https://anybody.example"));

        Assert.That(response.Header(AllowedOrigin), Is.Null);
    }
}

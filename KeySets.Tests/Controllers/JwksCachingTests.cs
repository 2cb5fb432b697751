using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>
/// <c>GET /trustFramework/keySets('{id}')/jwks</c>: how long clients may cache it, and its other HTTP headers.
/// </summary>
public sealed class JwksCachingTests : TimedTests
{
    private HttpClient Verifier => Application.Anonymous;

    [Test]
    public async Task Can_be_cached_until_a_key_expires()
    {
        await PutKeysAsync(Key("a", 1, Now + 90), Key("b", Now + 30), Key("c", null, Now + 50));
        await DisableAsync("c");

        Assert.That(
            (await GetAsync()).Header("Cache-Control"),
            Is.EqualTo("public, max-age=90"),
            "the keys stay the same when b becomes active");
        Clock.Advance(TimeSpan.FromSeconds(89.9));
        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("public, max-age=0"));
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("public, max-age=3600"));
    }

    [Test]
    public async Task Has_a_strong_tag_of_its_content()
    {
        await PutKeysAsync(Key("a"), Key("b", null, Now + 20));
        HttpResponseMessage first = await GetAsync();
        string tag = first.Header("ETag")!;

        Assert.That(tag, Does.Match("^\"[A-Za-z0-9_-]{43}\"$"));
        HttpResponseMessage unchanged = await Verifier.GetAsync($"{Set}/jwks", ("If-None-Match", tag));
        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(unchanged.Header("ETag"), Is.EqualTo(tag));
        Assert.That(unchanged.Header("Cache-Control"), Is.EqualTo("public, max-age=20"));

        await Writer.SendJsonAsync(HttpMethod.Patch, $"{Set}/keys_v2/a", """{"status":"enabled"}""");
        Assert.That(
            (await GetAsync()).Header("ETag"), Is.EqualTo(tag), "the set has a new revision, but the same keys");
        Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That((await GetAsync()).Header("ETag"), Is.Not.EqualTo(tag));
        Assert.That(
            (await Verifier.GetAsync($"{Set}/jwks", ("If-None-Match", tag))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Is_a_plain_web_resource_without_odata()
    {
        HttpResponseMessage response = await Verifier.GetAsync(
            $"{Set}/jwks?$select=nothing", ("Accept", "text/html"), ("OData-MaxVersion", "3.0"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("OData-Version"), Is.Null);
        Assert.That(response.Header("Vary"), Is.Null, "the document has one format");
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo("*"));
        Assert.That(response.Header("Last-Modified"), Is.Null, "the ETag is more precise");
        Assert.That(response.Header("request-id"), Is.Not.Null);
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    public async Task Lets_no_cache_store_an_error(string method)
    {
        HttpResponseMessage response = await Verifier.SendAsync(
            new HttpMethod(method), $"{Set}/jwks", null, ("If-Match", "\"other\""));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(response.Header("Cache-Control"), Does.Contain("no-store").And.Not.Contain("max-age"));
        Assert.That(
            (await Verifier.GetAsync($"{HttpExtensions.KeySets}/none/jwks")).Header("Cache-Control"),
            Does.Contain("no-store"));
    }

    [Test]
    public async Task Answers_head_with_the_same_headers()
    {
        HttpResponseMessage get = await GetAsync();
        HttpResponseMessage head = await Verifier.SendAsync(HttpMethod.Head, $"{Set}/jwks");

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        foreach (string name in (string[])["Content-Type", "Content-Length", "ETag", "Cache-Control"])
        {
            Assert.That(head.Header(name), Is.Not.Null.And.EqualTo(get.Header(name)), name);
        }
    }

    [Test]
    public async Task Writes_nothing()
    {
        await PutKeysAsync(Key("a"));
        await GetAsync();
        string[] before = Files();

        for (int request = 0; request < 20; request++)
        {
            await GetAsync();
        }

        Assert.That(Files(), Is.EqualTo(before));
    }

    private static JsonObject Key(string kid, long? nbf = null, long? exp = null)
    {
        JsonObject key = SampleKeys.PublicRsa();
        (key["kid"], key["nbf"], key["exp"]) = (kid, nbf, exp);
        return key;
    }

    private Task<HttpResponseMessage> GetAsync() => Verifier.GetAsync($"{Set}/jwks");

    private string[] Files() => [.. Directory.EnumerateFiles(Application.DataFolder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}")];
}

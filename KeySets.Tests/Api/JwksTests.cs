using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Api;

/// <summary><c>GET /trustFramework/keySets('{id}')/jwks</c>: what verifiers fetch.</summary>
public sealed class JwksTests() : OperationTests(new KeySetsApplication { Clock = Clock })
{
    // Tokens are checked by the clock of the system, so this one begins there.
    private static readonly FakeTimeProvider Clock = new(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));

    private static long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    private HttpClient Verifier => Application.Anonymous;

    [TestCase("{0}('{1}')/jwks")]
    [TestCase("{0}('{1}')/jwks()")]
    [TestCase("{0}/{1}/jwks")]
    [TestCase("{0}/{1}/jwks()")]
    [TestCase("{0}(id='{1}')/jwks/")]
    [TestCase("/beta{0}/{1}/jwks")]
    public async Task Answers_everybody_at_every_spelling_of_its_url(string url)
    {
        HttpResponseMessage response = await Verifier.GetAsync(string.Format(null, url, HttpExtensions.KeySets, Id));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/jwk-set+json"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"keys":[]}"""));
    }

    [Test]
    public async Task Holds_the_public_members_of_rsa_keys_and_nothing_else()
    {
        using RSA rsa = RSA.Create(2048);
        string certificate = SampleKeys.CertificateText();
        JsonObject withCertificate = SampleKeys.PrivateRsa();
        withCertificate["x5c"] = new JsonArray(certificate);
        JsonObject plain = new() { ["kty"] = "rsa", ["kid"] = "plain", ["nbf"] = 1, ["e"] = (string)SampleKeys.PublicRsa(rsa)["e"]!, ["n"] = (string)SampleKeys.PublicRsa(rsa)["n"]! };
        await PutKeysAsync(withCertificate, plain, new JsonObject { ["kty"] = "EC", ["kid"] = "other", ["n"] = "n", ["d"] = "private" });

        string text = await Verifier.GetStringAsync($"{Set}/jwks");

        string thumbprint = (string)(await KeysAsync())[0]!["kid"]!;
        Assert.That(text, Is.EqualTo(new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = thumbprint, ["e"] = (string)withCertificate["e"]!, ["n"] = (string)withCertificate["n"]!, ["x5c"] = new JsonArray(certificate) },
                new JsonObject { ["kty"] = "RSA", ["kid"] = "plain", ["e"] = (string)plain["e"]!, ["n"] = (string)plain["n"]! }),
        }.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));
    }

    [Test]
    public async Task Never_holds_a_symmetric_key()
    {
        await PutKeysAsync(SampleKeys.Oct(), SampleKeys.Oct());
        await PostAsync("generateKey", """{"use":"sig","kty":"oct"}""");

        Assert.That(await Verifier.GetStringAsync($"{Set}/jwks"), Is.EqualTo("""{"keys":[]}"""));
    }

    [Test]
    public async Task Holds_keys_of_the_future_and_none_that_is_disabled_or_has_expired()
    {
        await PutKeysAsync(Key("past", 1, Now), Key("now", 1, Now + 10), Key("future", Now + 1000), Key("disabled"), Key("always"));
        await DisableAsync("disabled");

        Assert.That(await KidsAsync(), Is.EqualTo("now future always"));
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await KidsAsync(), Is.EqualTo("future always"));
    }

    [Test]
    public async Task Can_be_kept_until_a_key_expires()
    {
        await PutKeysAsync(Key("a", 1, Now + 90), Key("b", Now + 30), Key("c", null, Now + 50));
        await DisableAsync("c");

        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("public, max-age=90"), "that b becomes active changes nothing");
        Clock.Advance(TimeSpan.FromSeconds(89.9));
        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("public, max-age=0"));
        Clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("public, max-age=3600"));
    }

    [Test]
    public async Task Has_a_strong_tag_of_what_it_holds()
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
        Assert.That((await GetAsync()).Header("ETag"), Is.EqualTo(tag), "another revision of the set with the same keys");
        Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.That((await GetAsync()).Header("ETag"), Is.Not.EqualTo(tag));
        Assert.That((await Verifier.GetAsync($"{Set}/jwks", ("If-None-Match", tag))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Is_of_the_web_and_not_of_odata()
    {
        HttpResponseMessage response = await Verifier.GetAsync($"{Set}/jwks?$select=nothing", ("Accept", "text/html"), ("OData-MaxVersion", "3.0"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("OData-Version"), Is.Null);
        Assert.That(response.Header("Vary"), Is.Null, "it has one format");
        Assert.That(response.Header("Access-Control-Allow-Origin"), Is.EqualTo("*"));
        Assert.That(response.Header("request-id"), Is.Not.Null);
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

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task Is_read_only(string method) =>
        await (await Writer.SendJsonAsync(new HttpMethod(method), $"{Set}/jwks", "{}")).AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");

    [TestCase("none")]
    [TestCase("%20")]
    [TestCase("a%2Fb")]
    public async Task Says_that_there_is_no_set(string id) =>
        await (await Verifier.GetAsync($"{HttpExtensions.KeySets}/{id}/jwks")).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");

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

    [Test]
    public async Task Can_be_read_by_Microsoft_IdentityModel()
    {
        JsonObject generated = await AddAsync("generateKey", new JsonObject { ["use"] = "sig", ["kty"] = "RSA" });
        await AddAsync("uploadPkcs12", new JsonObject { ["key"] = SampleKeys.Pkcs12Text(password: null) });

        JsonWebKeySet keys = new(await Verifier.GetStringAsync($"{Set}/jwks"));

        IList<SecurityKey> signing = keys.GetSigningKeys();
        Assert.That(keys.Keys.Select(key => key.HasPrivateKey), Is.EqualTo([false, false]));
        Assert.That(signing.OfType<X509SecurityKey>().Count() + signing.OfType<RsaSecurityKey>().Count(), Is.GreaterThanOrEqualTo(2));
        Assert.That(Base64Url.EncodeToString(keys.Keys[0].ComputeJwkThumbprint()), Is.EqualTo((string?)generated["kid"]));
    }

    [Test]
    public async Task Is_turned_off_by_a_setting()
    {
        await using KeySetsApplication application = new(("KeySets:Publish", "false"));
        await application.Writer.CreateAsync("""{"id":"s"}""");

        await (await application.Anonymous.GetAsync($"{HttpExtensions.KeySets}/s/jwks")).AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
        await (await application.Writer.GetAsync($"{HttpExtensions.KeySets}/s/jwks")).AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
    }

    private static JsonObject Key(string kid, long? nbf = null, long? exp = null)
    {
        JsonObject key = SampleKeys.PublicRsa();
        (key["kid"], key["nbf"], key["exp"]) = (kid, nbf, exp);
        return key;
    }


    private Task<HttpResponseMessage> GetAsync() => Verifier.GetAsync($"{Set}/jwks");

    private async Task<string> KidsAsync() =>
        string.Join(' ', (await (await GetAsync()).JsonAsync())["keys"]!.AsArray().Select(key => (string?)key!["kid"]));

    private string[] Files() => [.. Directory.EnumerateFiles(Application.DataFolder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}")];
}

using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Controllers;

/// <summary><c>GET /trustFramework/keySets('{id}')/jwks</c>: the keys that verifiers fetch.</summary>
public sealed class JwksTests : TimedTests
{
    private HttpClient Verifier => Application.Anonymous;

    [TestCase("{0}('{1}')/jwks")]
    [TestCase("{0}('{1}')/jwks()")]
    [TestCase("{0}/{1}/jwks")]
    [TestCase("{0}/{1}/jwks()")]
    [TestCase("{0}(id='{1}')/jwks/")]
    [TestCase("/beta{0}/{1}/jwks")]
    public async Task Answers_anonymous_clients_at_every_spelling_of_its_url(string url)
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
        JsonObject plain = new()
        {
            ["kty"] = "rsa",
            ["kid"] = "plain",
            ["nbf"] = 1,
            ["e"] = (string)SampleKeys.PublicRsa(rsa)["e"]!,
            ["n"] = (string)SampleKeys.PublicRsa(rsa)["n"]!,
        };
        await PutKeysAsync(
            withCertificate,
            plain,
            new JsonObject { ["kty"] = "EC", ["kid"] = "other", ["n"] = "n", ["d"] = "private" });

        string text = await Verifier.GetStringAsync($"{Set}/jwks");

        string thumbprint = (string)(await KeysAsync())[0]!["kid"]!;
        Assert.That(text, Is.EqualTo(new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = thumbprint,
                    ["e"] = (string)withCertificate["e"]!,
                    ["n"] = (string)withCertificate["n"]!,
                    ["x5c"] = new JsonArray(certificate),
                },
                new JsonObject
                {
                    ["kty"] = "RSA",
                    ["kid"] = "plain",
                    ["e"] = (string)plain["e"]!,
                    ["n"] = (string)plain["n"]!,
                }),
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
    public async Task Holds_future_keys_and_no_disabled_or_expired_ones()
    {
        await PutKeysAsync(
            Key("past", 1, Now), Key("now", 1, Now + 10), Key("future", Now + 1000), Key("disabled"), Key("always"));
        await DisableAsync("disabled");

        Assert.That(await KidsAsync(), Is.EqualTo("now future always"));
        Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(await KidsAsync(), Is.EqualTo("future always"));
    }

    [Test]
    public async Task Holds_every_public_member_of_a_certificate()
    {
        JsonObject key = await AddAsync("uploadCertificate", new JsonObject { ["key"] = SampleKeys.CertificateText() });

        JsonObject published = (await (await GetAsync()).JsonAsync())["keys"]!.AsArray().Single()!.AsObject();

        Assert.That(published.Select(member => member.Key), Is.EqualTo(["kty", "use", "kid", "e", "n", "x5c", "x5t"]));
        Assert.That(
            published.Select(member => member.Value!.ToJsonString()),
            Is.EqualTo(published.Select(member => key[member.Key]!.ToJsonString())));
    }

    [Test]
    public async Task Is_json_within_a_json_batch()
    {
        JsonObject batch = new()
        {
            ["requests"] = new JsonArray(new JsonObject { ["id"] = "1", ["method"] = "GET", ["url"] = $"{Set}/jwks" }),
        };

        JsonObject answer =
            await (await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", batch.ToJsonString())).JsonAsync();

        Assert.That(answer["responses"]![0]!["body"]!.ToJsonString(), Is.EqualTo("""{"keys":[]}"""));
    }

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task Is_read_only(string method) =>
        await (await Writer.SendJsonAsync(new HttpMethod(method), $"{Set}/jwks", "{}"))
            .AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");

    [TestCase("none")]
    [TestCase("%20")]
    [TestCase("a%2Fb")]
    public async Task Says_that_there_is_no_set(string id) =>
        await (await Verifier.GetAsync($"{HttpExtensions.KeySets}/{id}/jwks"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");

    [Test]
    public async Task Can_be_read_by_Microsoft_IdentityModel()
    {
        JsonObject generated = await AddAsync("generateKey", new JsonObject { ["use"] = "sig", ["kty"] = "RSA" });
        await AddAsync("uploadPkcs12", new JsonObject { ["key"] = SampleKeys.Pkcs12Text(password: null) });

        JsonWebKeySet keys = new(await Verifier.GetStringAsync($"{Set}/jwks"));

        IList<SecurityKey> signing = keys.GetSigningKeys();
        Assert.That(keys.Keys.Select(key => key.HasPrivateKey), Is.EqualTo([false, false]));
        Assert.That(
            signing.OfType<X509SecurityKey>().Count() + signing.OfType<RsaSecurityKey>().Count(),
            Is.GreaterThanOrEqualTo(2));
        Assert.That(
            Base64Url.EncodeToString(keys.Keys[0].ComputeJwkThumbprint()), Is.EqualTo((string?)generated["kid"]));
    }

    [Test]
    public async Task Is_turned_off_by_a_setting()
    {
        await using KeySetsApplication application = new(("KeySets:Publish", "false"));
        await application.Writer.CreateAsync("""{"id":"s"}""");

        await (await application.Anonymous.GetAsync($"{HttpExtensions.KeySets}/s/jwks"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
        await (await application.Writer.GetAsync($"{HttpExtensions.KeySets}/s/jwks"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
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
}

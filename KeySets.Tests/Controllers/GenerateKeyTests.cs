using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets('{id}')/generateKey</c>.</summary>
public sealed class GenerateKeyTests : OperationTests
{
    private const string Action = "generateKey";

    [Test]
    public async Task Makes_an_rsa_key_of_2048_bits_with_the_exponent_65537()
    {
        JsonObject key = await AddAsync(Action, new JsonObject { ["use"] = "sig", ["kty"] = "RSA" });

        Assert.That(Base64Url.DecodeFromChars((string)key["n"]!), Has.Length.EqualTo(256));
        Assert.That(Base64Url.DecodeFromChars((string)key["n"]!)[0], Is.GreaterThanOrEqualTo(0x80));
        Assert.That(Members(key, "kty", "use", "e", "nbf", "exp", "x5t"), Is.EqualTo("RSA sig AQAB null null null"));
        Assert.That((string?)key["@odata.type"], Is.EqualTo("microsoft.cpim.api.dataModels.trustFrameworkKey"));
        Assert.That(
            (string?)key["@odata.context"],
            Is.EqualTo("http://localhost/$metadata#microsoft.cpim.api.dataModels.trustFrameworkKey"));
    }

    [Test]
    public async Task Gives_an_rsa_key_its_thumbprint_as_kid()
    {
        JsonObject key = await AddAsync(Action, new JsonObject { ["use"] = "sig", ["kty"] = "RSA" });

        // RFC 7638 section 3: the required members, in this order, without white space.
        string required = $$"""{"e":"{{key["e"]}}","kty":"RSA","n":"{{key["n"]}}"}""";
        Assert.That(
            (string?)key["kid"],
            Is.EqualTo(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(required)))));
    }

    [Test]
    public async Task Makes_an_oct_key_of_256_bits_that_it_never_shows()
    {
        JsonObject key = await AddAsync(Action, new JsonObject { ["use"] = "enc", ["kty"] = "oct" });

        PrivateMembers? members = await Application.PrivateMembersAsync(Id, (string)key["kid"]!);
        Assert.That(Members(key, "kty", "use", "n", "e"), Is.EqualTo("oct enc null null"));
        Assert.That(key.ContainsKey("k"), Is.False);
        Assert.That(Base64Url.DecodeFromChars(members!.K), Has.Length.EqualTo(32));
        Assert.That(
            (string?)key["kid"],
            Has.Length.EqualTo(43).And.Not.EqualTo(
                Base64Url.EncodeToString(SHA256.HashData(Base64Url.DecodeFromChars(members.K)))));
    }

    [Test]
    public async Task Makes_a_new_key_each_time()
    {
        string[] moduli = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            (string)(await AddAsync(Action, new JsonObject { ["use"] = "sig", ["kty"] = "RSA" }))["n"]!))];

        Assert.That(moduli, Is.Unique);
        Assert.That(
            (await KeysAsync()).Select(key => (string?)key!["n"]),
            Is.EquivalentTo(moduli),
            "the set keeps keys that are generated at the same time");
    }

    [Test]
    public async Task Answers_with_the_key_as_a_read_shows_it()
    {
        JsonObject key = await AddAsync(
            Action, new JsonObject { ["use"] = "sig", ["kty"] = "RSA", ["nbf"] = 1, ["exp"] = 2 });

        key.Remove("@odata.context");
        Assert.That(key.ToJsonString(), Is.EqualTo((await KeysAsync()).Single()!.ToJsonString()));
    }

    [Test]
    public async Task Seals_a_private_part_whose_signatures_the_public_part_verifies()
    {
        JsonObject key = await AddAsync(Action, new JsonObject { ["use"] = "sig", ["kty"] = "RSA" });
        PrivateMembers members = (await Application.PrivateMembersAsync(Id, (string)key["kid"]!))!;
        using RSA rsa = SealedKeys.Rsa((string)key["n"]!, (string)key["e"]!, members);
        SigningCredentials credentials = new(
            new RsaSecurityKey(rsa) { KeyId = (string?)key["kid"] }, SecurityAlgorithms.RsaSha256);
        string token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://issuer.example",
            Audience = "everybody",
            SigningCredentials = credentials,
        });

        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = "https://issuer.example",
                ValidAudience = "everybody",
                IssuerSigningKey = new JsonWebKey(key.ToJsonString()),
            });

        Assert.That(result.IsValid, Is.True, result.Exception?.Message);
        Assert.That(result.SecurityToken.SigningKey.KeyId, Is.EqualTo((string?)key["kid"]));
    }

    // Scripts for the cloud API send "k": null, nbf and exp as text or null, and names in any case.
    [TestCase("""{"use":"sig","kty":"RSA","k":null,"nbf":null,"exp":null}""", "RSA sig null null")]
    [TestCase("""{"use":"sig","kty":"oct","nbf":"1508969811","exp":"1508973711"}""", "oct sig 1508969811 1508973711")]
    [TestCase("""{"use":"enc","kty":"OCT","nbf":1508969811,"exp":1508973711}""", "oct enc 1508969811 1508973711")]
    [TestCase("""{"Use":"enc","Kty":"rsa","Nbf":0}""", "RSA enc 0 null")]
    [TestCase("""{"@odata.type":"#any","use":"sig","kty":"RSA","x5c":null,"kid":null}""", "RSA sig null null")]
    public async Task Takes_every_spelling_that_clients_send(string body, string members)
    {
        HttpResponseMessage response = await PostAsync(Action, body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That(Members(await response.JsonAsync(), "kty", "use", "nbf", "exp"), Is.EqualTo(members));
    }

    [TestCase("""{"kty":"RSA"}""", "AADB2C90253", "use")]
    [TestCase("""{"use":null,"kty":"RSA"}""", "AADB2C90253", "use")]
    [TestCase("""{"use":"sig"}""", "AADB2C90253", "kty")]
    [TestCase("""{"use":"sig","kty":""}""", "AADB2C90253", "kty")]
    [TestCase("""{"use":"sig","kty":"EC"}""", "AADB2C95031", "kty")]
    [TestCase("""{"use":"SIG","kty":"RSA"}""", "AADB2C95033", "use")]
    [TestCase("""{"use":"sig","kty":"RSA","nbf":-1}""", "AADB2C95034", "nbf")]
    [TestCase("""{"use":"sig","kty":"RSA","nbf":10,"exp":10}""", "AADB2C95034", "exp")]
    [TestCase("""{"use":"sig","kty":"RSA","nbf":"soon"}""", "BadRequest", "nbf")]
    [TestCase("""{"use":"sig","kty":"RSA","exp":1.5}""", "BadRequest", "exp")]
    [TestCase("""{"use":1,"kty":"RSA"}""", "BadRequest", "use")]
    [TestCase("""{"use":"sig","kty":"RSA","k":"c2VjcmV0"}""", "BadRequest", "k")]
    [TestCase("""{"use":"sig","kty":"RSA","size":4096}""", "BadRequest", "size")]
    [TestCase("""{"use":"sig","kty":"RSA","size":null}""", "BadRequest", "size")]
    [TestCase("""{"use":"sig","Use":"sig","kty":"RSA"}""", "AADB2C95026", null)]
    [TestCase("""["sig","RSA"]""", "BadRequest", null)]
    [TestCase("", "AADB2C95026", null)]
    [TestCase("{", "AADB2C95026", null)]
    public Task Refuses_invalid_parameters(string body, string code, string? target) =>
        AssertRefusedAsync(Action, body, code, target);

    [TestCase("""{"use":"sig","kty":"oct"}""", "AADB2C95032")]
    [TestCase("""{"use":"enc","kty":"RSA"}""", "AADB2C95042")]
    public async Task Refuses_to_mix_types_or_uses_in_a_set(string second, string code)
    {
        await AddAsync(Action, new JsonObject { ["use"] = "sig", ["kty"] = "RSA" });

        await AssertRefusedAsync(Action, second, code, "keys");
    }

    [Test]
    public async Task Adds_one_key_and_no_more_to_a_set_of_99()
    {
        JsonArray keys = [.. Enumerable.Range(0, 99).Select(_ => SampleKeys.Oct())];
        await Writer.SendJsonAsync(HttpMethod.Put, $"{Set}/keys", new JsonObject { ["value"] = keys }.ToJsonString());

        await AddAsync(Action, new JsonObject { ["use"] = "sig", ["kty"] = "oct" });

        await AssertRefusedAsync(Action, """{"use":"sig","kty":"oct"}""", "BadRequest", "keys");
    }
}

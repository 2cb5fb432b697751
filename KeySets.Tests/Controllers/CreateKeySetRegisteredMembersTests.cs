using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Controllers;

/// <summary>
/// <c>POST /trustFramework/keySets</c>: members of JSON Web Keys that are registered (RFC 7517 section 4) and that the
/// contract lacks.
/// </summary>
public sealed class CreateKeySetRegisteredMembersTests : KeyRulesTests
{
    [TestCase("""{"alg":"RS256","key_ops":["sign","verify"],"ext":true,"x5u":"https://x.example/c.pem"}""", "sig")]
    [TestCase("""{"alg":"RSA-OAEP-256","key_ops":["encrypt","decrypt","wrapKey","unwrapKey"],"ext":false}""", "enc")]
    [TestCase("""{"alg":"PS512","key_ops":["sign","somethingNew"]}""", null)]
    [TestCase("""{"alg":"somethingNew","key_ops":[]}""", "sig")]
    [TestCase("""{"alg":null,"key_ops":null,"ext":null,"x5u":null,"x5t#S256":null,"oth":null}""", "sig")]
    public async Task Are_taken_and_not_kept(string members, string? use)
    {
        JsonObject key = With(SampleKeys.PrivateRsa(), "use", use);
        foreach ((string name, JsonNode? value) in JsonNode.Parse(members)!.AsObject())
        {
            key[name] = value?.DeepClone();
        }

        JsonObject kept = await CreateAsync(key);

        Assert.That(kept.Select(member => member.Key), Has.None.AnyOf(
            "alg", "key_ops", "ext", "x5u", "x5t#S256", "oth"));
        Assert.That((string?)kept["n"], Is.EqualTo((string?)key["n"]));
    }

    [Test]
    public async Task Take_a_key_as_IdentityModel_writes_it()
    {
        using RSA rsa = RSA.Create(2048);
        JsonWebKey key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa));
        key.Alg = "RS256";
        key.KeyOps.Add("sign");

        await CreateAsync(JsonNode.Parse(JsonSerializer.Serialize(
            new { kty = key.Kty, n = key.N, e = key.E, alg = key.Alg, key_ops = key.KeyOps, ext = true }))!);
    }

    [Test]
    public async Task Take_the_thumbprint_of_the_first_certificate()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        JsonObject key = With(
            SampleKeys.PublicRsa(), "x5c", new JsonArray(Convert.ToBase64String(certificate.RawData)));

        await CreateAsync(With(key, "x5t#S256", SampleKeys.Text(SHA256.HashData(certificate.RawData))));
        await AssertRefusedAsync(
            With(key.DeepClone().AsObject(), "x5t#S256", SampleKeys.Text(new byte[32])), "AADB2C95034", "x5t#S256");
        await AssertRefusedAsync(
            With(SampleKeys.PublicRsa(), "x5t#S256", SampleKeys.Text(new byte[20])), "AADB2C95034", "x5t#S256");
    }

    [TestCase("alg", "\"HS256\"", "sig")]
    [TestCase("alg", "\"A256KW\"", null)]
    [TestCase("alg", "\"dir\"", null)]
    [TestCase("alg", "\"ES256\"", "sig")]
    [TestCase("alg", "\"EdDSA\"", "sig")]
    [TestCase("alg", "\"RS256\"", "enc")]
    [TestCase("alg", "\"RSA-OAEP\"", "sig")]
    [TestCase("key_ops", """["encrypt"]""", "sig")]
    [TestCase("key_ops", """["sign","wrapKey"]""", "sig")]
    [TestCase("key_ops", """["verify"]""", "enc")]
    [TestCase("key_ops", """["sign","sign"]""", "sig")]
    [TestCase("oth", """[{"r":"AQ","d":"AQ","t":"AQ"}]""", "sig")]
    [TestCase("oth", "[]", "sig")]
    public async Task Are_refused_where_they_contradict_an_RSA_key(string name, string value, string? use) =>
        await AssertRefusedAsync(
            With(With(SampleKeys.PublicRsa(), "use", use), name, JsonNode.Parse(value)), "AADB2C95034", name);

    [TestCase("alg", "\"RS256\"")]
    [TestCase("alg", "\"RSA-OAEP\"")]
    [TestCase("key_ops", """["encrypt"]""")]
    public async Task Are_refused_where_they_contradict_an_oct_key(string name, string value) =>
        await AssertRefusedAsync(With(SampleKeys.Oct(), name, JsonNode.Parse(value)), "AADB2C95034", name);

    [TestCase("alg", "5")]
    [TestCase("key_ops", "\"sign\"")]
    [TestCase("ext", "\"true\"")]
    [TestCase("x5u", "[]")]
    [TestCase("x5t#S256", "1")]
    public async Task Are_refused_where_they_are_of_another_type(string name, string value) =>
        await (await PostAsync(With(SampleKeys.PublicRsa(), name, JsonNode.Parse(value))))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", $"keys/0/{name}");

    [Test]
    public async Task Are_taken_with_a_key_of_any_other_type_without_a_look() =>
        await CreateAsync(JsonNode.Parse("""{"kty":"EC","use":"sig","alg":"RS256","key_ops":["encrypt"]}""")!);
}

using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Api;

/// <summary><c>POST /trustFramework/keySets</c>: what is demanded of keys, and with which code they are refused.</summary>
public sealed class CreateKeySetKeysTests : ApiTests
{
    [Test]
    public async Task Keeps_a_key_of_an_unknown_type_as_it_is()
    {
        JsonObject key = new() { ["kty"] = "EC", ["use"] = "anything", ["n"] = "?", ["k"] = "not base64url!", ["nbf"] = -1, ["kid"] = "Ключ \"1\"" };

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["use"], Is.EqualTo("anything"));
        Assert.That((string?)kept["k"], Is.EqualTo("not base64url!"));
        Assert.That((string?)kept["kid"], Is.EqualTo("Ключ \"1\""));
        Assert.That((long)kept["nbf"]!, Is.EqualTo(-1));
    }

    [TestCase("RSA")]
    [TestCase("rsa")]
    [TestCase("Rsa")]
    public async Task Keeps_a_private_rsa_key_whose_type_is_in_any_case(string kty)
    {
        JsonObject key = SampleKeys.PrivateRsa();
        key["kty"] = kty;

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["kty"], Is.EqualTo(kty));
        Assert.That((string?)kept["d"], Is.EqualTo((string?)key["d"]));
    }

    [TestCase("oct")]
    [TestCase("OCT")]
    public async Task Keeps_a_symmetric_key_whose_type_is_in_any_case(string kty)
    {
        JsonObject key = SampleKeys.Oct();
        key["kty"] = kty;

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["k"], Is.EqualTo((string?)key["k"]));
    }

    [Test]
    public async Task Gives_an_rsa_key_its_thumbprint_as_kid()
    {
        // RFC 7638 section 3.1
        JsonObject key = new()
        {
            ["kty"] = "RSA",
            ["n"] = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W"
                + "-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-"
                + "bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            ["e"] = "AQAB",
        };

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["kid"], Is.EqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    }

    [Test]
    public async Task Gives_every_other_key_a_random_kid_of_the_same_length()
    {
        JsonObject key = SampleKeys.Oct();

        JsonObject first = await CreateAsync(key.DeepClone());
        JsonObject second = await CreateAsync(key.DeepClone());

        Assert.That((string?)first["kid"], Has.Length.EqualTo(43).And.Match("^[A-Za-z0-9_-]+$"));
        Assert.That((string?)first["kid"], Is.Not.EqualTo((string?)second["kid"]));
    }

    [Test]
    public async Task Refuses_a_kid_that_another_key_of_the_set_has()
    {
        HttpResponseMessage response = await PostAsync(
            new JsonObject { ["kty"] = "EC", ["kid"] = "one" }, new JsonObject { ["kty"] = "EC", ["kid"] = "two" }, new JsonObject { ["kty"] = "EC", ["kid"] = "one" });

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys/2/kid");
    }

    [Test]
    public async Task Refuses_the_same_rsa_key_twice_where_its_thumbprint_is_the_kid() =>
        await (await PostAsync(SampleKeys.PublicRsa(), SampleKeys.PrivateRsa())).AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys/1/kid");

    [TestCase(0)]
    [TestCase(257)]
    public async Task Refuses_a_kid_of_another_length_than_1_to_256(int length) =>
        await AssertRefusedAsync(new JsonObject { ["kty"] = "EC", ["kid"] = new string('x', length) }, "BadRequest", "kid");

    [TestCase("{}")]
    [TestCase("""{"kty":null}""")]
    [TestCase("""{"kty":""}""")]
    public async Task Refuses_a_key_without_a_type(string key) =>
        await AssertRefusedAsync(JsonNode.Parse(key)!.AsObject(), "AADB2C95030", "kty");

    [TestCase("")]
    [TestCase("Sig")]
    [TestCase("sig enc")]
    public async Task Refuses_another_use_than_sig_and_enc(string use)
    {
        await AssertRefusedAsync(With(SampleKeys.Oct(), "use", use), "AADB2C95033", "use");
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "use", use), "AADB2C95033", "use");
    }

    [Test]
    public async Task Takes_a_key_without_a_use() => await CreateAsync(With(SampleKeys.Oct(), "use", null));

    [TestCase("nbf")]
    [TestCase("exp")]
    public async Task Refuses_a_date_before_1970(string member) =>
        await AssertRefusedAsync(With(SampleKeys.Oct(), member, -1), "AADB2C95034", member);

    [Test]
    public async Task Refuses_a_symmetric_key_without_its_value() =>
        await AssertRefusedAsync(With(SampleKeys.Oct(), "k", null), "AADB2C90253", "k");

    [TestCase("", TestName = "Refuses_an_empty_symmetric_key")]
    [TestCase("AAA=", TestName = "Refuses_a_symmetric_key_with_padding")]
    [TestCase("AA A", TestName = "Refuses_a_symmetric_key_with_white_space")]
    [TestCase("AA+A", TestName = "Refuses_a_symmetric_key_in_base64")]
    [TestCase("AAAAA", TestName = "Refuses_a_symmetric_key_of_an_impossible_length")]
    [TestCase("AAB", TestName = "Refuses_a_symmetric_key_with_stray_bits")]
    public async Task Refuses_a_bad_symmetric_key(string k) =>
        await AssertRefusedAsync(With(SampleKeys.Oct(), "k", k), "AADB2C95029", "k");

    [Test]
    public async Task Takes_a_symmetric_key_of_1_to_4096_bytes()
    {
        await CreateAsync(With(SampleKeys.Oct(), "k", "AA"));
        await CreateAsync(With(SampleKeys.Oct(), "k", SampleKeys.Text(new byte[4096])));
        await AssertRefusedAsync(With(SampleKeys.Oct(), "k", SampleKeys.Text(new byte[4097])), "AADB2C95029", "k");
    }

    [TestCase("n")]
    [TestCase("e")]
    public async Task Refuses_an_rsa_key_without_its_public_part(string member) =>
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), member, null), "AADB2C95039", member);

    [TestCase("n", "")]
    [TestCase("n", "AQAB=")]
    [TestCase("e", "AAEAAQ", Description = "a leading zero byte")]
    [TestCase("e", "AQ+B")]
    [TestCase("e", "AA", Description = "zero")]
    [TestCase("e", "AQ", Description = "one")]
    [TestCase("e", "AQAA", Description = "even")]
    [TestCase("e", "AQAAAAE", Description = "2^32 + 1")]
    public async Task Refuses_a_bad_modulus_or_exponent(string member, string value) =>
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), member, value), "AADB2C95039", member);

    [TestCase(2047)]
    [TestCase(8193)]
    [TestCase(65537)]
    public async Task Refuses_a_modulus_of_another_size_than_2048_to_8192_bits(int bits) =>
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "n", SampleKeys.Text(OddNumber(bits))), "AADB2C95039", "n");

    [TestCase(2048)]
    [TestCase(8192)]
    public async Task Takes_a_modulus_of_2048_to_8192_bits(int bits) =>
        await CreateAsync(With(SampleKeys.PublicRsa(), "n", SampleKeys.Text(OddNumber(bits))));

    [Test]
    public async Task Refuses_an_even_modulus()
    {
        byte[] modulus = OddNumber(2048);
        modulus[^1] = 2;

        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "n", SampleKeys.Text(modulus)), "AADB2C95039", "n");
    }

    [TestCase("d")]
    [TestCase("p")]
    [TestCase("q")]
    [TestCase("dp")]
    [TestCase("dq")]
    [TestCase("qi")]
    public async Task Refuses_a_private_rsa_key_that_lacks_a_member(string member) =>
        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, null), "AADB2C95034", target: null);

    [Test]
    public async Task Refuses_a_private_exponent_alone() =>
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "d", (string?)SampleKeys.PrivateRsa()["d"]), "AADB2C95034", target: null);

    [TestCase("d", null)]
    [TestCase("p", null)]
    [TestCase("q", null)]
    [TestCase("dp", null)]
    [TestCase("dq", null)]
    [TestCase("qi", null)]
    public async Task Refuses_a_private_member_that_belongs_to_another_key(string member, string? target)
    {
        using RSA other = RSA.Create(2048);

        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, (string?)SampleKeys.PrivateRsa(other)[member]), "AADB2C95034", target, orTarget: member);
    }

    [TestCase("d")]
    [TestCase("p")]
    [TestCase("q")]
    [TestCase("dp")]
    [TestCase("dq")]
    [TestCase("qi")]
    public async Task Refuses_a_private_member_that_is_no_number_or_larger_than_the_modulus(string member)
    {
        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, "not a number"), "AADB2C95034", member);
        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, SampleKeys.Text(OddNumber(2049))), "AADB2C95034", member);
        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, SampleKeys.Text(OddNumber(4_000_000))), "AADB2C95034", member);
    }

    [Test]
    public async Task Takes_private_members_with_zero_bytes_in_front_as_dotnet_writes_them()
    {
        JsonObject key = SampleKeys.PrivateRsa();
        foreach (string member in new[] { "d", "p", "q", "dp", "dq", "qi" })
        {
            key[member] = SampleKeys.Text([0, .. Base64Url.DecodeFromChars((string?)key[member])]);
        }

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["qi"], Is.EqualTo((string?)key["qi"]));
    }

    [Test]
    public async Task Refuses_a_private_part_whose_factors_are_the_modulus_and_one()
    {
        JsonObject key = SampleKeys.PrivateRsa();
        key["p"] = (string?)key["n"];
        key["q"] = "AQ";

        await AssertRefusedAsync(key, "AADB2C95034", "p");
    }

    [Test]
    public async Task Takes_private_keys_of_4096_bits_and_with_other_exponents()
    {
        using RSA large = RSA.Create(4096);
        await CreateAsync(SampleKeys.PrivateRsa(large));

        JsonObject three = SampleKeys.PrivateRsaWithExponent3();
        Assert.That((string?)three["e"], Is.EqualTo("Aw"));
        await CreateAsync(three);
    }

    [Test]
    public async Task Keeps_a_certificate_chain_and_thumbprint_that_belong_to_the_key()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        using RSA other = RSA.Create(2048);
        using X509Certificate2 issuer = SampleKeys.Certificate(other);
        JsonObject key = SampleKeys.PublicRsa();
        key["x5c"] = Chain(certificate, issuer);
        key["x5t"] = SampleKeys.Text(certificate.GetCertHash());

        JsonObject kept = await CreateAsync(key);

        Assert.That(kept["x5c"]!.ToJsonString(), Is.EqualTo(key["x5c"]!.ToJsonString()));
    }

    [Test]
    public async Task Refuses_a_certificate_for_another_key()
    {
        using RSA other = RSA.Create(2048);
        using X509Certificate2 certificate = SampleKeys.Certificate(other);

        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(certificate)), "AADB2C95034", "x5c/0");
    }

    [Test]
    public async Task Refuses_a_certificate_that_is_not_for_an_rsa_key()
    {
        using ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=EC", elliptic, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(certificate)), "AADB2C95034", "x5c/0");
    }

    [Test]
    public async Task Refuses_what_is_not_one_certificate_in_base64_of_der()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        string[] bad =
        [
            "", "X5c value", "AAAA",
            SampleKeys.Text(certificate.RawData),
            Convert.ToBase64String([.. certificate.RawData, 0]),
            Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())),
            Convert.ToBase64String(new byte[(16 * 1024) + 1]),
            new string('A', 900_000),
        ];
        foreach (string text in bad)
        {
            JsonArray chain = Chain(certificate);
            chain.Add(text);
            await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", chain), "AADB2C95034", "x5c/1");
        }
    }

    [Test]
    public async Task Refuses_more_than_10_certificates()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();

        await CreateAsync(With(SampleKeys.PublicRsa(), "x5c", Chain([.. Enumerable.Repeat(certificate, 10)])));
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain([.. Enumerable.Repeat(certificate, 11)])), "AADB2C95034", "x5c");
    }

    [Test]
    public async Task Refuses_a_thumbprint_of_something_else()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        JsonObject key = With(SampleKeys.PublicRsa(), "x5t", SampleKeys.Text(new byte[20]));
        await CreateAsync(key.DeepClone());

        await AssertRefusedAsync(With(key, "x5c", Chain(certificate)), "AADB2C95034", "x5t");
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5t", "X5t value"), "AADB2C95034", "x5t");
    }

    [Test]
    public async Task Refuses_rsa_and_symmetric_keys_in_one_set() =>
        await (await PostAsync(SampleKeys.PublicRsa(), SampleKeys.Oct())).AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95032", "keys");

    [Test]
    public async Task Refuses_keys_for_signature_and_for_encryption_in_one_set() =>
        await (await PostAsync(SampleKeys.Oct(), With(SampleKeys.Oct(), "use", "enc"))).AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95042", "keys");

    [Test]
    public async Task Takes_keys_of_unknown_types_beside_any_other()
    {
        HttpResponseMessage response = await PostAsync(SampleKeys.Oct(), new JsonObject { ["kty"] = "EC", ["use"] = "enc" });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    private static JsonObject With(JsonObject key, string member, JsonNode? value)
    {
        key[member] = value;
        return key;
    }

    private static JsonArray Chain(params X509Certificate2[] certificates) =>
        [.. certificates.Select(certificate => JsonValue.Create(Convert.ToBase64String(certificate.RawData)))];

    /// <summary>2^(bits - 1) + 1.</summary>
    private static byte[] OddNumber(int bits)
    {
        byte[] number = new byte[(bits + 7) / 8];
        number[0] = (byte)(1 << ((bits - 1) % 8));
        number[^1] |= 1;
        return number;
    }

    private async Task<HttpResponseMessage> PostAsync(params JsonNode[] keys) => await Writer.CreateAsync(new JsonObject { ["keys"] = new JsonArray(keys) });

    /// <returns>The key as the answer shows it.</returns>
    private async Task<JsonObject> CreateAsync(JsonNode key)
    {
        HttpResponseMessage response = await PostAsync(key);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        return (await response.JsonAsync())["keys"]![0]!.AsObject();
    }

    private async Task AssertRefusedAsync(JsonObject key, string code, string? target, string? orTarget = null)
    {
        const string id = "refused";
        HttpResponseMessage response = await Writer.CreateAsync(new JsonObject { ["id"] = id, ["keys"] = new JsonArray(key) });
        string? at = (string?)(await response.JsonAsync())["error"]?["target"];
        string expected = at == $"keys/0/{orTarget}" ? at : target is null ? "keys/0" : $"keys/0/{target}";
        await response.AssertErrorAsync(HttpStatusCode.BadRequest, code, expected);
        Assert.That((await Writer.GetAsync($"/trustFramework/keySets/{id}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}

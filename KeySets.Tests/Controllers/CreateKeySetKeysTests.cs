using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: the rules for all keys, symmetric keys, and keys in one set.</summary>
public sealed class CreateKeySetKeysTests : KeyRulesTests
{
    [Test]
    public async Task Keeps_a_key_of_an_unknown_type_as_it_is()
    {
        JsonObject key = new()
        {
            ["kty"] = "EC",
            ["use"] = "anything",
            ["n"] = "?",
            ["k"] = "not base64url!",
            ["nbf"] = -1,
            ["kid"] = "Ключ \"1\"",
        };

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["use"], Is.EqualTo("anything"));
        Assert.That((string?)kept["k"], Is.EqualTo("not base64url!"));
        Assert.That((string?)kept["kid"], Is.EqualTo("Ключ \"1\""));
        Assert.That((long)kept["nbf"]!, Is.EqualTo(-1));
    }

    [TestCase("oct")]
    [TestCase("OCT")]
    public async Task Keeps_a_symmetric_key_with_its_type_in_any_case(string kty)
    {
        JsonObject key = SampleKeys.Oct();
        key["kty"] = kty;

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["k"], Is.EqualTo((string?)key["k"]));
    }

    [Test]
    public async Task Gives_an_rsa_key_its_thumbprint_as_kid()
    {
        // The example of RFC 7638 section 3.1.
        JsonObject key = new()
        {
            ["kty"] = "RSA",
            ["n"] =
                "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWK"
                + "RXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMic"
                + "AtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3"
                + "XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
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
            new JsonObject { ["kty"] = "EC", ["kid"] = "one" },
            new JsonObject { ["kty"] = "EC", ["kid"] = "two" },
            new JsonObject { ["kty"] = "EC", ["kid"] = "one" });

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys/2/kid");
    }

    [Test]
    public async Task Refuses_the_same_rsa_key_twice_if_its_thumbprint_is_the_kid() =>
        await (await PostAsync(SampleKeys.PublicRsa(), SampleKeys.PrivateRsa()))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys/1/kid");

    [TestCase(0)]
    [TestCase(257)]
    public async Task Refuses_a_kid_that_is_not_1_to_256_characters_long(int length) =>
        await AssertRefusedAsync(
            new JsonObject { ["kty"] = "EC", ["kid"] = new string('x', length) }, "BadRequest", "kid");

    [TestCase("{}")]
    [TestCase("""{"kty":null}""")]
    [TestCase("""{"kty":""}""")]
    public async Task Refuses_a_key_without_a_type(string key) =>
        await AssertRefusedAsync(JsonNode.Parse(key)!.AsObject(), "AADB2C95030", "kty");

    [TestCase("")]
    [TestCase("Sig")]
    [TestCase("sig enc")]
    public async Task Refuses_any_use_but_sig_and_enc(string use)
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

    [Test]
    public async Task Refuses_rsa_and_symmetric_keys_in_one_set() =>
        await (await PostAsync(SampleKeys.PublicRsa(), SampleKeys.Oct()))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95032", "keys");

    [Test]
    public async Task Refuses_keys_for_signature_and_for_encryption_in_one_set() =>
        await (await PostAsync(SampleKeys.Oct(), With(SampleKeys.Oct(), "use", "enc")))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95042", "keys");

    [Test]
    public async Task Keeps_members_that_have_no_meaning_for_the_type_of_a_key()
    {
        // RFC 7517 section 4: members that are not understood are ignored.
        await CreateAsync(With(SampleKeys.Oct(), "n", "no modulus"));
        await CreateAsync(With(SampleKeys.PublicRsa(), "k", "no symmetric key"));
    }

    [Test]
    public async Task Takes_keys_of_unknown_types_beside_any_others()
    {
        HttpResponseMessage response = await PostAsync(
            SampleKeys.Oct(), new JsonObject { ["kty"] = "EC", ["use"] = "enc" });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }
}

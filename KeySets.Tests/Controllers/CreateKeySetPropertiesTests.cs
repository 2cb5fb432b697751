using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: properties and values that do not match the types.</summary>
public sealed class CreateKeySetPropertiesTests : ApiTests
{
    private int _setsBefore;

    [SetUp]
    public async Task CountSets() => _setsBefore = await Application.CountKeySetsAsync();

    /// <summary>No test whose name begins with <c>Refuses</c> may store a set.</summary>
    [TearDown]
    public async Task AssertThatRefusalsStoredNothing()
    {
        if (TestContext.CurrentContext.Test.MethodName!.StartsWith("Refuses", StringComparison.Ordinal))
        {
            Assert.That(await Application.CountKeySetsAsync(), Is.EqualTo(_setsBefore));
        }
    }

    [Test]
    public async Task Refuses_the_keys_as_entities_and_says_how_to_send_them()
    {
        HttpResponseMessage response = await Writer.CreateAsync("""{"keys_v2":[]}""");

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys_v2");
        Assert.That((string?)(await response.JsonAsync())["error"]!["message"], Does.EndWith("send them in keys."));
    }

    [TestCase("""{"id":"a\u0000b"}""", "id")]
    [TestCase("""{"keys":[{"kty":"\u0000"}]}""", "keys/0/kty")]
    [TestCase("""{"keys":[{"kty":"EC","x5c":["a","\u0000"]}]}""", "keys/0/x5c/1")]
    public async Task Refuses_the_null_character(string body, string target)
    {
        HttpResponseMessage response = await Writer.CreateAsync(body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026", target);
    }

    [TestCase("[]", null)]
    [TestCase("null", null)]
    [TestCase("\"text\"", null)]
    [TestCase("""{"id":7}""", "id")]
    [TestCase("""{"id":["x"]}""", "id")]
    [TestCase("""{"keys":{}}""", "keys")]
    [TestCase("""{"keys":[null]}""", "keys/0")]
    [TestCase("""{"keys":[{"kty":"EC"},"key"]}""", "keys/1")]
    [TestCase("""{"keys":[{"kty":1}]}""", "keys/0/kty")]
    [TestCase("""{"keys":[{"x5c":"text"}]}""", "keys/0/x5c")]
    [TestCase("""{"keys":[{"x5c":[null]}]}""", "keys/0/x5c/0")]
    [TestCase("""{"keys":[{"d":{}}]}""", "keys/0/d")]
    public async Task Refuses_values_of_another_type(string body, string? target)
    {
        HttpResponseMessage response = await Writer.CreateAsync(body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", target);
    }

    [TestCase("""{"name":"x"}""", "name")]
    [TestCase("""{"Id":"x"}""", "Id")]
    [TestCase("""{"revision":"x"}""", "revision")]
    [TestCase("""{"odata.type":"x"}""", "odata.type")]
    [TestCase("""{"keys":[{"kty":"EC","crv":"P-256"}]}""", "keys/0/crv")]
    [TestCase("""{"keys":[{"KTY":"EC"}]}""", "keys/0/KTY")]
    [TestCase("""{"keys":[{"status":"disabled"}]}""", "keys/0/status")]
    public async Task Refuses_properties_that_the_types_do_not_have(string body, string target)
    {
        HttpResponseMessage response = await Writer.CreateAsync(body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", target);
    }

    [Test]
    public async Task Takes_null_for_every_member_that_a_key_lacks()
    {
        JsonObject key = SampleKeys.PublicRsa();
        foreach (string member in new[] { "k", "x5c", "x5t", "exp", "nbf", "kid", "d", "p", "q", "dp", "dq", "qi" })
        {
            key[member] = null;
        }

        HttpResponseMessage response = await Writer.CreateAsync(
            new JsonObject
            {
                ["@odata.type"] = null,
                ["id"] = null,
                ["keys"] = new JsonArray(key),
                ["keys_v2"] = null,
            });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Takes_100_keys_and_refuses_101()
    {
        HttpResponseMessage most = await Writer.CreateAsync(SetOf(100));
        Assert.That(most.StatusCode, Is.EqualTo(HttpStatusCode.Created), await most.Content.ReadAsStringAsync());

        HttpResponseMessage tooMany = await Writer.CreateAsync(SetOf(101));
        await tooMany.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys");
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/keys-101")).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));

        static JsonObject SetOf(int count) => new()
        {
            ["id"] = $"keys-{count}",
            ["keys"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => SampleKeys.Oct())]),
        };
    }

    [Test]
    public async Task Refuses_a_flood_of_keys_before_it_looks_at_them()
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            $$"""{"keys":[{{string.Join(',', Enumerable.Repeat("{}", 300_000))}}]}""");

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys");
    }

    [Test]
    public async Task Refuses_an_unknown_property_without_repeating_all_of_a_long_name()
    {
        HttpResponseMessage response = await Writer.CreateAsync(new JsonObject { [new string('x', 100_000)] = 1 });

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", new string('x', 256));
    }
}

using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>
/// <c>GET /trustFramework/keySets('{id}')/keys_v2('{kid}')/{property}</c> and <c>…/getActiveKey()/{property}</c>: one
/// property of a key.
/// </summary>
public sealed class KeyPropertyTests : OperationTests
{
    [SetUp]
    public Task AddKey() => PutKeysAsync(JsonNode.Parse(
        """
        {"kty":"EC","kid":"it's a/b","use":"sig","exp":4102444800,"x5c":["one","two"],"k":"secret","d":"secret"}
        """)!);

    [TestCase("keys_v2('it''s%20a%2Fb')", "keys_v2('it''s%20a%2Fb')")]
    [TestCase("keys_v2/it's%20a%2Fb", "keys_v2('it''s%20a%2Fb')")]
    [TestCase("keys_v2(@k)", "keys_v2('it''s%20a%2Fb')", "?@k='it''s a%2Fb'")]
    public async Task Answers_with_the_value_in_JSON(string key, string context, string query = "")
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Set}/{key}/kid{query}");

        JsonObject body = await response.JsonAsync();
        Assert.That((string?)body["value"], Is.EqualTo("it's a/b"));
        Assert.That(
            Uri.UnescapeDataString((string)body["@odata.context"]!),
            Is.EqualTo(
                Uri.UnescapeDataString($"http://localhost/$metadata#trustFramework/keySets('{Id}')/{context}/kid")));
        Assert.That(response.Header("ETag"), Is.EqualTo((await Writer.GetAsync(Set)).Header("ETag")));
    }

    [TestCase("kid/$value", "it's a/b")]
    [TestCase("kty/$value", "EC")]
    [TestCase("exp/$value", "4102444800")]
    [TestCase("x5c/$count", "2")]
    public async Task Answers_with_the_value_as_text(string property, string text)
    {
        foreach (string key in (string[])["keys_v2('it''s%20a%2Fb')", "getActiveKey()", "getActiveKey"])
        {
            HttpResponseMessage response = await Writer.GetAsync($"{Set}/{key}/{property}");

            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(text), key);
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"), key);
        }
    }

    [TestCase("exp", "4102444800")]
    [TestCase("use", "\"sig\"")]
    [TestCase("x5c", """["one","two"]""")]
    public async Task Answers_with_a_property_of_the_active_key(string property, string value)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Set}/getActiveKey()/{property}");

        Assert.That((await response.JsonAsync())["value"]!.ToJsonString(), Is.EqualTo(value));
        HttpResponseMessage key = await Writer.GetAsync($"{Set}/getActiveKey()");
        Assert.That(response.Header("ETag"), Is.EqualTo(key.Header("ETag")));
        Assert.That(response.Headers.CacheControl, Is.EqualTo(key.Headers.CacheControl));
    }

    [Test]
    public async Task Answers_with_the_status_as_the_metadata_names_it()
    {
        await PutKeysAsync(JsonNode.Parse("""{"kty":"EC","kid":"1"}""")!);
        await DisableAsync("1");

        Assert.That(
            (string?)(await (await Writer.GetAsync($"{Set}/keys_v2('1')/status")).JsonAsync())["value"],
            Is.EqualTo("disabled"));
        Assert.That(await Writer.GetStringAsync($"{Set}/keys_v2('1')/status/$value"), Is.EqualTo("disabled"));
    }

    [Test]
    public async Task Names_the_property_in_the_context_of_a_collection()
    {
        JsonObject body = await (await Writer.GetAsync($"{Set}/keys_v2('it''s%20a%2Fb')/x5c")).JsonAsync();

        Assert.That(Uri.UnescapeDataString((string)body["@odata.context"]!), Is.EqualTo(
            $"http://localhost/$metadata#trustFramework/keySets('{Id}')/keys_v2('it''s a/b')/x5c"));
        Assert.That(body["value"]!.ToJsonString(), Is.EqualTo("""["one","two"]"""));
    }

    [TestCase("nbf")]
    [TestCase("nbf/$value")]
    [TestCase("x5t")]
    public async Task Answers_204_for_null(string property)
    {
        foreach (string key in (string[])["keys_v2('it''s%20a%2Fb')", "getActiveKey()"])
        {
            Assert.That(
                (await Writer.GetAsync($"{Set}/{key}/{property}")).StatusCode,
                Is.EqualTo(HttpStatusCode.NoContent),
                key);
        }
    }

    [Test]
    public async Task Is_not_sent_again_to_a_client_that_has_it()
    {
        string tag = (await Writer.GetAsync($"{Set}/keys_v2('it''s%20a%2Fb')/use")).Header("ETag")!;

        Assert.That(
            (await Writer.GetAsync($"{Set}/keys_v2('it''s%20a%2Fb')/use", ("If-None-Match", tag))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task Refuses_each_private_member_in_the_same_way_whether_the_key_is_there_or_not()
    {
        foreach (string name in (string[])["k", "d", "p", "q", "dp", "dq", "qi"])
        {
            foreach (string url in (string[])[
                $"{Set}/keys_v2('it''s%20a%2Fb')/{name}",
                $"{Set}/keys_v2('it''s%20a%2Fb')/{name}/$value",
                $"{Set}/keys_v2('nothing')/{name}",
                $"{HttpExtensions.KeySets}('nothing')/keys_v2('nothing')/{name}",
                $"{Set}/getActiveKey()/{name}",
                $"{Set}/getActiveKey()/{name}/$value"])
            {
                await (await Writer.GetAsync(url)).AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", name);
            }
        }
    }

    [TestCase("keys_v2('nothing')/kid", 404, "NotFound", "kid")]
    [TestCase("keys_v2('it''s%20a%2Fb')/nothing", 404, "NotFound", null)]
    [TestCase("keys_v2('it''s%20a%2Fb')/x5c/$value", 404, "NotFound", null)]
    [TestCase("getActiveKey()/status", 404, "NotFound", null)]
    [TestCase("keys_v2('it''s%20a%2Fb')/kid?$select=kid", 400, "BadRequest", "$select")]
    [TestCase("keys_v2('it''s%20a%2Fb')/x5c?$top=1", 501, "NotImplemented", "$top")]
    [TestCase("keys_v2('it''s%20a%2Fb')/x5c/0", 501, "NotImplemented", null)]
    public async Task Refuses_what_is_not_there(string path, int status, string code, string? target) =>
        await (await Writer.GetAsync($"{Set}/{path}")).AssertErrorAsync((HttpStatusCode)status, code, target);

    [Test]
    public async Task Needs_the_permission_to_read()
    {
        HttpResponseMessage response =
            await Application.CreateClient().GetAsync(new Uri($"{Set}/keys_v2('1')/kid", UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Can_only_be_read() => Assert.That(
        (await Writer.SendJsonAsync(HttpMethod.Put, $"{Set}/keys_v2('1')/kid", """{"value":"2"}""")).StatusCode,
        Is.EqualTo(HttpStatusCode.MethodNotAllowed));
}

using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>
/// <c>PATCH</c> and <c>DELETE /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: disable, enable or remove one key.
/// </summary>
public sealed class ChangeKeyTests : OperationTests
{
    private const string Disabled = """{"status":"disabled"}""";

    [SetUp]
    public async Task AddKeys()
    {
        foreach (string kid in (string[])["1", "2", "3"])
        {
            await AddKeyAsync(kid);
        }
    }

    [Test]
    public async Task Disables_and_enables_a_key()
    {
        HttpResponseMessage response = await PatchAsync("2", Disabled);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 2 disabled, 3 enabled"));
        Assert.That(response.Header("ETag"), Is.EqualTo((await Writer.GetAsync(Set)).Header("ETag")));
        Assert.That(
            (await PatchAsync("2", """{"status":"enabled"}""")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 2 enabled, 3 enabled"));
    }

    [TestCase("""{"@odata.type":"#microsoft.cpim.api.dataModels.trustFrameworkKey_v2","status":"disabled"}""")]
    [TestCase("""{"@type":"microsoft.cpim.api.dataModels.trustFrameworkKey_v2","kid":"1","status":"disabled"}""")]
    public async Task Takes_the_type_and_the_kid_in_the_body(string body)
    {
        Assert.That((await PatchAsync("2", body)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(
            await StatusesAsync(), Is.EqualTo("1 enabled, 2 disabled, 3 enabled"), "the kid in the URL counts");
    }

    [Test]
    public async Task Changes_nothing_that_is_not_sent()
    {
        await PatchAsync("2", Disabled);

        Assert.That((await PatchAsync("2", "{}")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 2 disabled, 3 enabled"));
    }

    [Test]
    public async Task Answers_with_the_key_if_the_client_prefers_that()
    {
        HttpResponseMessage response = await PatchAsync("2", Disabled, ("Prefer", "return=representation"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo("return=representation"));
        Assert.That(Members(await response.JsonAsync(), "kid", "status"), Is.EqualTo("2 disabled"));
        Assert.That((await response.JsonAsync()).ContainsKey("k"), Is.False);
    }

    [TestCase("""{"status":"Disabled"}""", "BadRequest", "status")]
    [TestCase("""{"status":"unknownFutureValue"}""", "BadRequest", "status")]
    [TestCase("""{"status":null}""", "BadRequest", "status")]
    [TestCase("""{"status":1}""", "BadRequest", "status")]
    [TestCase("""{"status":"1"}""", "BadRequest", "status")]
    [TestCase("""{"use":"enc"}""", "AADB2C99014", "use")]
    [TestCase("""{"status":"disabled","exp":1}""", "AADB2C99014", "exp")]
    [TestCase("""{"status":"disabled","k":null}""", "AADB2C99014", "k")]
    [TestCase("""{"state":"disabled"}""", "BadRequest", "state")]
    [TestCase(
        """{"@odata.type":"#microsoft.cpim.api.dataModels.trustFrameworkKey","status":"disabled"}""",
        "BadRequest",
        "@odata.type")]
    [TestCase("[]", "BadRequest", null)]
    [TestCase("", "AADB2C95026", null)]
    public async Task Refuses_to_change_anything_else(string body, string code, string? target)
    {
        string before = await Writer.GetStringAsync($"{Set}/keys_v2");

        await (await PatchAsync("2", body)).AssertErrorAsync(HttpStatusCode.BadRequest, code, target);

        Assert.That(await Writer.GetStringAsync($"{Set}/keys_v2"), Is.EqualTo(before));
    }

    [TestCase("PATCH")]
    [TestCase("DELETE")]
    public async Task Leaves_the_keys_of_other_sets_alone(string method)
    {
        string set = Set;
        await CreateSet();
        await AddKeyAsync("2");
        string before = await Writer.GetStringAsync($"{Set}/keys_v2");

        Assert.That((await SendAsync(method, $"{set}/keys_v2('2')")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));

        Assert.That(await Writer.GetStringAsync($"{Set}/keys_v2"), Is.EqualTo(before));
    }

    [Test]
    public async Task Changes_nothing_for_a_client_that_does_not_accept_JSON()
    {
        await (await PatchAsync("2", Disabled, ("Accept", "image/png")))
            .AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 2 enabled, 3 enabled"));
    }

    [TestCase("PATCH")]
    [TestCase("DELETE")]
    public async Task Says_whether_the_key_or_the_set_is_missing(string method)
    {
        await (await SendAsync(method, $"{Set}/keys_v2('9')"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound", "kid");
        await (await SendAsync(method, $"{Set}/keys_v2('9')", ("If-Match", "W/\"stale\"")))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound", "kid");
        await (await SendAsync(method, $"{HttpExtensions.KeySets}/none/keys_v2('1')"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
    }

    [TestCase("PATCH")]
    [TestCase("DELETE")]
    public async Task Obeys_If_Match(string method)
    {
        string tag = (await Writer.GetAsync($"{Set}/keys_v2('2')")).Header("ETag")!;

        await (await SendAsync(method, $"{Set}/keys_v2('2')", ("If-Match", "W/\"stale\"")))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
        Assert.That(
            (await SendAsync(method, $"{Set}/keys_v2('2')", ("If-Match", tag))).StatusCode,
            Is.EqualTo(HttpStatusCode.NoContent));
        await (await SendAsync(method, $"{Set}/keys_v2('3')", ("If-Match", tag)))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
    }

    [TestCase("PUT", "")]
    [TestCase("PATCH", "")]
    [TestCase("PUT", "/keys")]
    public async Task Leaves_a_key_disabled_when_the_keys_of_the_set_are_replaced(string method, string path)
    {
        await PatchAsync("2", Disabled);
        string name = path.Length == 0 ? "keys" : "value";

        await Writer.SendJsonAsync(
            new HttpMethod(method),
            $"{Set}{path}",
            $$"""{"{{name}}":[{"kty":"EC","kid":"3"},{"kty":"EC","kid":"2"},{"kty":"EC","kid":"4"}]}""");

        Assert.That(await StatusesAsync(), Is.EqualTo("3 enabled, 2 disabled, 4 enabled"));
    }

    [Test]
    public async Task Keeps_the_status_out_of_the_property_keys()
    {
        await PatchAsync("2", Disabled);

        Assert.That(await Writer.GetStringAsync(Set), Does.Not.Contain("status"));
        await (await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys", """{"kty":"EC","status":"disabled"}"""))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "status");
    }

    [Test]
    public async Task Loses_no_change_when_many_are_made_at_the_same_time()
    {
        await Writer.SendJsonAsync(HttpMethod.Put, $"{Set}/keys", new JsonObject
        {
            ["value"] = new JsonArray(
                [.. Enumerable.Range(0, 30).Select(kid => new JsonObject { ["kty"] = "EC", ["kid"] = $"{kid}" })]),
        }.ToJsonString());

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 30).Select(kid => (kid % 3) switch
        {
            0 => PatchAsync($"{kid}", Disabled),
            1 => Writer.DeleteAsync($"{Set}/keys_v2('{kid}')"),
            _ => Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/uploadSecret", """{"use":"sig","k":"s"}"""),
        }));

        Assert.That(responses.Select(response => response.IsSuccessStatusCode), Is.All.True);
        JsonArray keys = (await (await Writer.GetAsync($"{Set}/keys_v2")).JsonAsync())["value"]!.AsArray();
        Assert.That(keys, Has.Count.EqualTo(30));
        Assert.That(
            keys.Where(key => (string?)key!["kty"] == "EC").Select(key => Members(key!, "kid", "status")),
            Is.EqualTo(Enumerable.Range(0, 30)
                .Where(kid => kid % 3 != 1)
                .Select(kid => $"{kid} {(kid % 3 == 0 ? "disabled" : "enabled")}")));
    }

    [TestCase("", """{"keys_v2@delta":[{"@removed":{"reason":"deleted"}}]}""", "keys_v2@delta")]
    [TestCase("", """{"keys_v2@odata.delta":[{"kid":"2","status":"disabled"}]}""", "keys_v2@odata.delta")]
    [TestCase("", """{"keys@delta":[]}""", "keys@delta")]
    [TestCase("", """{"keys_v2@odata.bind":[]}""", "keys_v2@odata.bind")]
    [TestCase("/keys_v2('2')", """{"@removed":{"reason":"deleted"}}""", "@removed")]
    public async Task Refuses_deltas_and_bindings(string path, string body, string target)
    {
        string before = await Writer.GetStringAsync($"{Set}/keys_v2");

        await (await Writer.SendJsonAsync(HttpMethod.Patch, $"{Set}{path}", body))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", target);

        Assert.That(await Writer.GetStringAsync($"{Set}/keys_v2"), Is.EqualTo(before));
    }

    [Test]
    public async Task Is_undone_with_its_change_set()
    {
        JsonObject batch = new()
        {
            ["requests"] = new JsonArray(
                new JsonObject
                {
                    ["id"] = "1",
                    ["method"] = "PATCH",
                    ["url"] = $"{Set}/keys_v2('1')",
                    ["atomicityGroup"] = "g",
                    ["body"] = JsonNode.Parse(Disabled),
                },
                new JsonObject
                {
                    ["id"] = "2",
                    ["method"] = "DELETE",
                    ["url"] = $"{Set}/keys_v2('9')",
                    ["atomicityGroup"] = "g",
                }),
        };

        await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", batch.ToJsonString());

        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 2 enabled, 3 enabled"));
    }

    private async Task AddKeyAsync(string kid) => Assert.That(
        (await Writer.SendJsonAsync(
            HttpMethod.Post, $"{Set}/keys", $$"""{"kid":"{{kid}}","kty":"EC","k":"secret"}""")).StatusCode,
        Is.EqualTo(HttpStatusCode.OK));

    private Task<HttpResponseMessage> PatchAsync(string kid, string body, params (string, string)[] headers) =>
        Writer.SendJsonAsync(HttpMethod.Patch, $"{Set}/keys_v2('{kid}')", body, headers);

    private Task<HttpResponseMessage> SendAsync(string method, string url, params (string, string)[] headers) =>
        method == "PATCH"
            ? Writer.SendJsonAsync(HttpMethod.Patch, url, Disabled, headers)
            : Writer.SendAsync(new HttpMethod(method), url, null, headers);

    private async Task<string> StatusesAsync() => string.Join(
        ", ",
        (await (await Writer.GetAsync($"{Set}/keys_v2")).JsonAsync())["value"]!.AsArray()
            .Select(key => Members(key!, "kid", "status")));
}

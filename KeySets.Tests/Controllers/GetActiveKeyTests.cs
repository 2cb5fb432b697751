using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>GET /trustFramework/keySets('{id}')/getActiveKey</c>.</summary>
public sealed class GetActiveKeyTests : TimedTests
{
    [TestCase("/getActiveKey")]
    [TestCase("/getActiveKey()")]
    [TestCase("/getActiveKey()/")]
    [TestCase("/microsoft.cpim.api.dataModels.getActiveKey")]
    [TestCase("/microsoft.cpim.api.dataModels.getActiveKey()")]
    public async Task Answers_at_every_spelling_of_its_url(string operation)
    {
        await PutKeysAsync(Key("a"));

        foreach (string root in (string[])["", "/beta"])
        {
            foreach (string set in (string[])
                [Set, $"{HttpExtensions.KeySets}/{Id}", $"{HttpExtensions.KeySets}(id='{Id}')"])
            {
                HttpResponseMessage response = await Writer.GetAsync($"{root}{set}{operation}");

                Assert.That(
                    response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
                JsonObject key = await response.JsonAsync();
                Assert.That((string?)key["kid"], Is.EqualTo("a"));
                Assert.That(
                    (string?)key["@odata.context"],
                    Is.EqualTo($"http://localhost{root}/$metadata#microsoft.cpim.api.dataModels.trustFrameworkKey"));
            }
        }
    }

    [Test]
    public async Task Changes_with_the_time_alone()
    {
        await PutKeysAsync(Key("safety"), Key("a", Now + 10, Now + 30), Key("b", Now + 20, Now + 40));

        foreach (string expected in (string[])["safety", "a", "b", "b", "safety", "safety"])
        {
            Assert.That(await ActiveAsync(), Is.EqualTo(expected));
            Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Test]
    public async Task Can_be_cached_until_another_key_becomes_active()
    {
        await PutKeysAsync(Key("a"), Key("b", Now + 90), Key("disabled", Now + 50));
        await DisableAsync("disabled");

        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("max-age=90, private"));
        Clock.Advance(TimeSpan.FromSeconds(89.5));
        Assert.That(
            (await GetAsync()).Header("Cache-Control"),
            Is.EqualTo("max-age=0, private"),
            "the service rounds half a second down");
        Clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo("max-age=3600, private"));
    }

    [TestCase(3599, 3599)]
    [TestCase(3600, 3600)]
    [TestCase(3601, 3600)]
    [TestCase(long.MaxValue - 4_000_000_000, 3600)]
    public async Task Can_be_cached_for_an_hour_at_most(long seconds, long maxAge)
    {
        await PutKeysAsync(Key("a"), Key("b", Now + seconds));

        Assert.That((await GetAsync()).Header("Cache-Control"), Is.EqualTo($"max-age={maxAge}, private"));
    }

    [Test]
    public async Task Has_a_tag_that_changes_with_the_key_and_with_the_set()
    {
        await PutKeysAsync(Key("a"), Key("b", Now + 10));
        string first = (await GetAsync()).Header("ETag")!;

        Assert.That(first, Does.StartWith("W/"), "weak, because the answer has several formats");
        HttpResponseMessage unchanged = await Writer.GetAsync($"{Set}/getActiveKey", ("If-None-Match", first));
        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(unchanged.Header("Cache-Control"), Is.EqualTo("max-age=10, private"));
        Assert.That(unchanged.Header("ETag"), Is.EqualTo(first));

        Clock.Advance(TimeSpan.FromSeconds(10));
        HttpResponseMessage changed = await Writer.GetAsync($"{Set}/getActiveKey", ("If-None-Match", first));
        Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        string second = changed.Header("ETag")!;
        await DisableAsync("a");
        Assert.That(
            (await Writer.GetAsync($"{Set}/getActiveKey", ("If-None-Match", second))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        await (await Writer.GetAsync($"{Set}/getActiveKey", ("If-Match", first)))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
    }

    [Test]
    public async Task Passes_over_a_disabled_key()
    {
        await PutKeysAsync(Key("a"), Key("b", 1));
        await DisableAsync("b");

        Assert.That(await ActiveAsync(), Is.EqualTo("a"));
        await DisableAsync("a");
        await (await GetAsync()).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90019");
    }

    [Test]
    public async Task Finds_no_key_in_a_set_without_valid_keys()
    {
        await (await GetAsync()).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90019");
        await PutKeysAsync(Key("past", 1, Now), Key("future", Now + 1));
        await (await GetAsync()).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90019");
    }

    [Test]
    public async Task Lets_no_client_cache_an_error()
    {
        await PutKeysAsync(Key("a"));

        HttpResponseMessage response = await Writer.GetAsync($"{Set}/getActiveKey", ("Accept", "text/csv"));

        await response.AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
        Assert.That(response.Header("Cache-Control"), Does.Contain("no-store").And.Not.Contain("max-age"));
        Assert.That(response.Header("ETag"), Is.Null);
    }

    [Test]
    public async Task Says_that_there_is_no_set() =>
        await (await Writer.GetAsync($"{HttpExtensions.KeySets}/none/getActiveKey"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");

    [Test]
    public async Task Shows_no_private_members_and_only_selected_public_ones()
    {
        await Writer.SendJsonAsync(
            HttpMethod.Put,
            $"{Set}/keys",
            new JsonObject { ["value"] = new JsonArray(SampleKeys.PrivateRsa()) }.ToJsonString());

        JsonObject key = await (await GetAsync()).JsonAsync();
        Assert.That(key.Select(member => member.Key), Has.None.AnyOf("k", "d", "p", "q", "dp", "dq", "qi"));
        JsonObject selected = await (await Writer.GetAsync(
            $"{Set}/getActiveKey?$select=kid,n&$format=application/json;odata.metadata=none")).JsonAsync();
        Assert.That(selected.Select(member => member.Key), Is.EquivalentTo(["kid", "n"]));
        await (await Writer.GetAsync($"{Set}/getActiveKey?$select=kid,d"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$select");
        await (await Writer.GetAsync($"{Set}/getActiveKey?$filter=kid eq 'a'"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$filter");
    }

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task Is_read_only(string method)
    {
        await PutKeysAsync(Key("a"));

        await (await Writer.SendJsonAsync(new HttpMethod(method), $"{Set}/getActiveKey", "{}"))
            .AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
    }

    private static JsonObject Key(string kid, long? nbf = null, long? exp = null)
    {
        JsonObject key = SampleKeys.Oct();
        (key["kid"], key["nbf"], key["exp"]) = (kid, nbf, exp);
        return key;
    }

    private Task<HttpResponseMessage> GetAsync() => Writer.GetAsync($"{Set}/getActiveKey");

    private async Task<string?> ActiveAsync() => (string?)(await (await GetAsync()).JsonAsync())["kid"];
}

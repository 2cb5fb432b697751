using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Requests;

/// <summary><c>/trustFramework/keySets('{id}')/keys_v2('{kid}')</c> with all kinds of kids, on Kestrel.</summary>
public sealed class KeyAddressTests() : OperationTests(KeySetsApplication.OnWebServer())
{
    // Each of these can be a kid. The links escape the characters that have a meaning in a URL.
    private static readonly string[] Kids =
    [
        "a b", "o'k", "''", "a/b", "ü€😀", "$count", "x?y#z", "a+b", "(1)", "keys_v2('1')", "a,b=c", "100%",
        "a%20b", "a%2Fb", "a%2fb", "%2F", "a\nb", "\u00a0", "\u0085", "/", "'", "-", new string('k', 256),
        "e\u0301", "\u00e9", "A", "a",
    ];

    [SetUp]
    public async Task AddKeys()
    {
        foreach (string kid in (string[])["1", "2", "3"])
        {
            await AddKeyAsync($$"""{"kid":"{{kid}}","kty":"EC","nbf":1}""");
        }
    }

    [TestCase("{0}('a%252Fb')", "a%2Fb")]
    [TestCase("{0}('a%2Fb')", "a/b")]
    [TestCase("{0}/a%252Fb", "a%2Fb")]
    [TestCase("{0}/a%2fb", "a/b")]
    [TestCase("{0}/a%252Fb/", "a%2Fb")]
    [TestCase("{0}(%27a%252Fb%27)", "a%2Fb")]
    [TestCase("{0}(kid='a%252Fb')", "a%2Fb")]
    [TestCase("{0}(@k)?@k='a%252Fb'", "a%2Fb")]
    [TestCase("{0}(@k)?@k='a/b'", "a/b")]
    public async Task Are_never_mistaken_for_another_with_an_escape_or_a_slash(string path, string kid)
    {
        await AddKeyAsync("""{"kid":"a/b","kty":"EC"}""");
        await AddKeyAsync("""{"kid":"a%2Fb","kty":"EC"}""");
        string url = string.Format(null, path, $"{Set}/keys_v2");

        Assert.That((string?)(await (await Writer.GetAsync(url)).JsonAsync())["kid"], Is.EqualTo(kid));
        JsonObject batch = new()
        {
            ["requests"] = new JsonArray(new JsonObject { ["id"] = "1", ["method"] = "DELETE", ["url"] = url }),
        };
        await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", batch.ToJsonString());
        Assert.That(await ListAsync(""), Is.EqualTo($"1 2 3 {(kid == "a/b" ? "a%2Fb" : "a/b")}"));
    }

    [TestCase("@k")]
    [TestCase("@k)?@k=1")]
    [TestCase("@k)?@k='a'b'")]
    public async Task Are_not_found_by_an_alias_that_is_not_a_string(string alias) =>
        await (await Writer.GetAsync(
            $"{Set}/keys_v2({alias}{(alias.Contains(')', StringComparison.Ordinal) ? "" : ")")}"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "@k");

    [TestCase("KEYS_V2('a%252Fb')")]
    [TestCase("keys%5Fv2('a%252Fb')")]
    [TestCase("keys%5Fv2/a%252Fb")]
    public async Task Are_found_by_the_name_of_their_collection_in_any_spelling(string path)
    {
        await AddKeyAsync("""{"kid":"a%2Fb","kty":"EC"}""");

        Assert.That((string?)(await (await Writer.GetAsync($"{Set}/{path}")).JsonAsync())["kid"], Is.EqualTo("a%2Fb"));
        HttpResponseMessage query = await Writer.SendAsync(
            HttpMethod.Post,
            $"{Set}/{path}/$query",
            new StringContent("$select=kid", new MediaTypeHeaderValue("text/plain")));
        Assert.That((string?)(await query.JsonAsync())["kid"], Is.EqualTo("a%2Fb"));
    }

    [TestCase(".")]
    [TestCase("..")]
    public async Task Are_never_dot_segments_which_would_turn_the_url_into_another(string kid)
    {
        await (await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys", $$"""{"kty":"EC","kid":"{{kid}}"}"""))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "kid");
        await (await Writer.CreateAsync($$"""{"keys":[{"kty":"EC","kid":"{{kid}}"}]}"""))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys/0/kid");
    }

    [TestCase("keys_v2(1)")]
    [TestCase("keys_v2()")]
    [TestCase("keys_v2('1)")]
    [TestCase("keys_v2(id='1')")]
    [TestCase("keys_v2('1')/nothing")]
    [TestCase("keys_v2/1/2")]
    public async Task Are_not_found_at_a_url_without_a_valid_kid(string path) =>
        Assert.That((await Writer.GetAsync($"{Set}/{path}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

    [TestCase("$1/keys_v2('a%2520b')", "a b")]
    [TestCase("$1/keys_v2/a%2520b", "a b")]
    [TestCase("$1/keys_v2('a%20b')", "a%20b")]
    [TestCase("$1/keys_v2/%2500", "a b,a%20b")]
    public async Task Are_named_after_a_reference_as_they_are_without_one(string url, string left)
    {
        await AddKeyAsync("""{"kid":"a b","kty":"EC"}""");
        await AddKeyAsync("""{"kid":"a%20b","kty":"EC"}""");
        await AddKeyAsync("""{"kid":"%00","kty":"EC"}""");
        JsonObject batch = new()
        {
            ["requests"] = new JsonArray(
                new JsonObject { ["id"] = "1", ["method"] = "GET", ["url"] = Set },
                new JsonObject { ["id"] = "2", ["method"] = "DELETE", ["url"] = url }),
        };

        JsonObject answer =
            await (await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", batch.ToJsonString())).JsonAsync();

        Assert.That(answer["responses"]!.AsArray().Select(part => (int)part!["status"]!), Is.EqualTo([200, 204]));
        string remaining = left.Contains(',', StringComparison.Ordinal) ? "1 2 3 a b a%20b" : $"1 2 3 {left} %00";
        Assert.That(await ListAsync(""), Is.EqualTo(remaining));
    }

    [Test]
    public async Task Are_not_mistaken_in_a_set_named_like_their_collection()
    {
        await Writer.CreateAsync(
            """{"id":"keys_v2","keys":[{"kty":"EC","kid":"a/b"},{"kty":"EC","kid":"keys_v2('a/b')"}]}""");

        HttpResponseMessage response = await Writer.GetAsync($"{HttpExtensions.KeySets}/keys_v2/keys_v2('a%2Fb')");

        Assert.That((string?)(await response.JsonAsync())["kid"], Is.EqualTo("a/b"));
    }

    [TestCase("/jwks%0A")]
    [TestCase("/getActiveKey()%0A")]
    public async Task Are_not_read_by_an_operation_with_a_line_feed(string path) =>
        await (await Writer.GetAsync($"{Set}{path}")).AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");

    [Test]
    public async Task Are_not_guessed_by_a_reference_in_a_batch()
    {
        await AddKeyAsync("""{"kid":"a/b","kty":"EC"}""");
        await AddKeyAsync("""{"kid":"a%2Fb","kty":"EC"}""");
        JsonObject batch = new()
        {
            ["requests"] = new JsonArray(
                new JsonObject { ["id"] = "1", ["method"] = "GET", ["url"] = $"{Set}/keys_v2('a%252Fb')" },
                new JsonObject { ["id"] = "2", ["method"] = "DELETE", ["url"] = "$1" }),
        };

        JsonObject answer =
            await (await Writer.SendJsonAsync(HttpMethod.Post, "/$batch", batch.ToJsonString())).JsonAsync();

        Assert.That(answer["responses"]!.AsArray().Select(part => (int)part!["status"]!), Is.EqualTo([200, 404]));
        Assert.That(await ListAsync(""), Is.EqualTo("1 2 3 a/b a%2Fb"));
    }

    [Test]
    public async Task Can_be_fetched_disabled_and_removed_by_their_links(
        [ValueSource(nameof(Kids))] string kid)
    {
        await AddKeyAsync(new JsonObject { ["kid"] = kid, ["kty"] = "EC" }.ToJsonString());
        JsonObject list = await (await Writer.GetAsync(
            $"{Set}/keys_v2?$format=application/json;odata.metadata=full&$filter=nbf eq null")).JsonAsync();
        JsonNode listed = list["value"]!.AsArray().Single()!;
        Assert.That((string?)listed["@odata.editLink"], Is.EqualTo((string?)listed["@odata.id"]));
        string link = $"/{listed["@odata.id"]}";

        Assert.That((string?)(await (await Writer.GetAsync(link)).JsonAsync())["kid"], Is.EqualTo(kid));
        Assert.That(
            (await Writer.SendJsonAsync(HttpMethod.Patch, link, """{"status":"disabled"}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await ListAsync("?$filter=status eq 'disabled'"), Is.EqualTo(kid));
        Assert.That((await Writer.DeleteAsync(link)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await ListAsync(""), Is.EqualTo("1 2 3"));
    }

    [Test]
    public async Task Can_be_addressed_by_an_alias_whatever_their_kid([ValueSource(nameof(Kids))] string kid)
    {
        await AddKeyAsync(new JsonObject { ["kid"] = kid, ["kty"] = "EC" }.ToJsonString());
        string url = $"{Set}/keys_v2(@k)?@k='{Uri.EscapeDataString(kid.Replace("'", "''", StringComparison.Ordinal))}'";

        Assert.That((string?)(await (await Writer.GetAsync(url)).JsonAsync())["kid"], Is.EqualTo(kid));
        Assert.That(
            (await Writer.SendJsonAsync(HttpMethod.Patch, url, """{"status":"disabled"}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await Writer.DeleteAsync(url)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await ListAsync(""), Is.EqualTo("1 2 3"));
    }

    private async Task AddKeyAsync(string key) =>
        Assert.That(
            (await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys", key)).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));

    private async Task<string> ListAsync(string query)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Set}/keys_v2{query}");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return string.Join(' ', (await response.JsonAsync())["value"]!.AsArray().Select(key => (string?)key!["kid"]));
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>PUT</c> and <c>PATCH /trustFramework/keySets('{id}')</c>, and changes of its property keys.</summary>
public sealed class ChangeKeySetTests : ApiTests
{
    private const string Oct = """{"kty":"oct","kid":"secret","use":"sig","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}""";

    [TestCase("PUT", "('echo')", """{"keys":[{0}]}""", "keys")]
    [TestCase("PATCH", "('echo')", """{"keys":[{0}]}""", "keys")]
    [TestCase("PUT", "('echo')/keys", """{"value":[{0}]}""", "value")]
    [TestCase("POST", "('echo')/keys", "{0}", "value")]
    public async Task Echoes_the_private_members_of_the_request_and_never_shows_them_again(
        string method, string path, string body, string member)
    {
        await SendAsync(HttpMethod.Put, "('echo')", "{}");

        HttpResponseMessage changed = await SendAsync(
            new HttpMethod(method), path, body.Replace("{0}", Oct, StringComparison.Ordinal));
        HttpResponseMessage read = await Writer.GetAsync($"{HttpExtensions.KeySets}{path}");

        JsonNode key = (await changed.JsonAsync())[member]!.AsArray().Single()!;
        Assert.That((string?)key["k"], Is.EqualTo("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"));
        Assert.That(changed.Header("Cache-Control"), Is.EqualTo("no-store"));
        key.AsObject().Remove("k");
        Assert.That(
            (await read.JsonAsync())[member]!.AsArray().Single()!.ToJsonString(), Is.EqualTo(key.ToJsonString()));
        Assert.That(read.Header("ETag"), Is.EqualTo(changed.Header("ETag")));
    }

    [Test]
    public async Task Shows_no_private_members_of_earlier_keys_when_a_key_is_added()
    {
        await SendAsync(HttpMethod.Put, "('append')", $$"""{"keys":[{{Oct}}]}""");

        JsonArray keys = (await (await SendAsync(
            HttpMethod.Post, "('append')/keys", """{"kty":"oct","kid":"new","k":"AAAA"}"""))
            .JsonAsync())["value"]!.AsArray();

        Assert.That(keys.Select(key => (string?)key!["kid"]), Is.EqualTo(["secret", "new"]));
        Assert.That(keys[0]!.AsObject().ContainsKey("k"), Is.False);
        Assert.That((string?)keys[1]!["k"], Is.EqualTo("AAAA"));
    }

    [Test]
    public async Task Shows_no_private_members_in_answer_to_a_change_without_keys()
    {
        await SendAsync(HttpMethod.Put, "('silent')", $$"""{"keys":[{{Oct}}]}""");

        HttpResponseMessage patched = await SendAsync(HttpMethod.Patch, "('silent')", "{}");

        Assert.That(await patched.Content.ReadAsStringAsync(), Does.Contain("secret").And.Not.Contain("AyM1"));
    }

    [TestCase("PUT", "('refused')", """{"keys":[{"kty":"oct"}]}""", "AADB2C90253", "keys/0/k")]
    [TestCase("PATCH", "('refused')", """{"keys":[{"kty":"RSA","e":"AQAB"}]}""", "AADB2C95039", "keys/0/n")]
    [TestCase("PATCH", "('refused')", """{"keys":[{"use":"sig"}]}""", "AADB2C95030", "keys/0/kty")]
    [TestCase(
        "PUT",
        "('refused')/keys",
        """{"value":[{"kty":"EC","kid":"a"},{"kty":"EC","kid":"a"}]}""",
        "BadRequest",
        "value/1/kid")]
    [TestCase(
        "PUT",
        "('refused')/keys",
        """{"value":[{"kty":"oct","k":"AAAA","use":"sig"},{"kty":"oct","k":"AAAA","use":"enc"}]}""",
        "AADB2C95042",
        "value")]
    [TestCase("POST", "('refused')/keys", """{"kty":"oct","k":"!"}""", "AADB2C95029", "k")]
    [TestCase("POST", "('refused')/keys", """{"kty":"EC","kid":"old"}""", "BadRequest", "kid")]
    [TestCase("POST", "('refused')/keys", """{"kty":"oct","k":"AAAA","use":"enc"}""", "AADB2C95042", "keys")]
    [TestCase("POST", "('refused')/keys", """[]""", "BadRequest", null)]
    public async Task Checks_keys_as_a_create_does_and_changes_nothing_if_it_refuses(
        string method, string path, string body, string code, string? target)
    {
        await SendAsync(
            HttpMethod.Put, "('refused')", """{"keys":[{"kty":"oct","kid":"old","use":"sig","k":"AAAA"}]}""");
        string before = await Writer.GetStringAsync($"{HttpExtensions.KeySets}('refused')");

        HttpResponseMessage response = await SendAsync(new HttpMethod(method), path, body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, code, target);
        Assert.That(await Writer.GetStringAsync($"{HttpExtensions.KeySets}('refused')"), Is.EqualTo(before));
    }

    [Test]
    public async Task Refuses_to_add_an_RSA_key_to_a_set_of_symmetric_keys()
    {
        await SendAsync(HttpMethod.Put, "('mixed')", $$"""{"keys":[{{Oct}}]}""");

        HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, "('mixed')/keys", SampleKeys.PublicRsa().ToJsonString());

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95032", "keys");
    }

    [Test]
    public async Task Adds_keys_up_to_a_hundred()
    {
        JsonArray keys =
            [.. Enumerable.Range(0, 99).Select(number => new JsonObject { ["kty"] = "EC", ["kid"] = $"{number}" })];
        await SendAsync(HttpMethod.Put, "('full')", new JsonObject { ["keys"] = keys }.ToJsonString());

        HttpResponseMessage last = await SendAsync(HttpMethod.Post, "('full')/keys", """{"kty":"EC","kid":"99"}""");
        HttpResponseMessage tooMany = await SendAsync(HttpMethod.Post, "('full')/keys", """{"kty":"EC","kid":"100"}""");

        Assert.That(
            (await last.JsonAsync())["value"]!.AsArray().Select(key => (string?)key!["kid"]),
            Is.EqualTo(Enumerable.Range(0, 100).Select(number => $"{number}")));
        await tooMany.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys");
    }

    [Test]
    public async Task Adds_keys_up_to_a_megabyte()
    {
        string half = new('n', 600_000);
        await SendAsync(HttpMethod.Put, "('large')", $$"""{"keys":[{"kty":"x","kid":"1","n":"{{half}}"}]}""");

        HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, "('large')/keys", $$"""{"kty":"x","kid":"2","n":"{{half}}"}""");

        await response.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024", "keys");
        await Writer.DeleteAsync($"{HttpExtensions.KeySets}('large')");
    }

    [TestCase("PUT", "('absent')/keys", """{"value":[]}""")]
    [TestCase("POST", "('absent')/keys", """{"kty":"EC"}""")]
    [TestCase("DELETE", "('absent')/keys", null)]
    [TestCase("DELETE", "('absent')", null)]
    public async Task Says_that_there_is_nothing_to_change(string method, string path, string? body)
    {
        await (await SendAsync(new HttpMethod(method), path, body))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
        await (await SendAsync(new HttpMethod(method), path, body, ("If-Match", "*")))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
    }

    [TestCase("PUT", "('with%20space')")]
    [TestCase("PATCH", "('%C3%A4')")]
    [TestCase("PUT", "('O''Neil')")]
    [TestCase("PUT", "/..%2Fup")]
    public async Task Creates_no_set_at_a_URL_with_an_invalid_id(string method, string path) =>
        await (await SendAsync(new HttpMethod(method), path, "{}"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "id");

    [TestCase("PUT", "$select=id")]
    [TestCase("PATCH", "filter=true")]
    [TestCase("DELETE", "$top=1")]
    public async Task Refuses_query_options_in_a_change(string method, string query)
    {
        string name = $"${query.TrimStart('$').Split('=')[0]}";

        await (await SendAsync(new HttpMethod(method), $"('options')?{query}", method == "DELETE" ? null : "{}"))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", name);
    }

    [TestCase("PUT", "('reader')")]
    [TestCase("PATCH", "('reader')")]
    [TestCase("DELETE", "('reader')")]
    [TestCase("PUT", "('reader')/keys")]
    [TestCase("POST", "('reader')/keys")]
    [TestCase("DELETE", "('reader')/keys")]
    public async Task Requires_the_permission_to_write(string method, string path) =>
        await (await Application.Reader.SendAsync(
            new HttpMethod(method), HttpExtensions.KeySets + path, new StringContent("{}")))
            .AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body, params (string Name, string Value)[] headers) =>
        Writer.SendAsync(
            method,
            HttpExtensions.KeySets + path,
            body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            headers);
}

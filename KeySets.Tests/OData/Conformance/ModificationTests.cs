using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section F: modification.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class ModificationTests(string root) : ConformanceTests(root)
{
    [TearDown]
    public async Task Remove() => await Writer.DeleteAsync($"{K}('new')");

    [Test]
    [Row("F1")]
    public async Task Creates_a_set_under_a_generated_id()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, K, "{}");

        string id = (string)(await response.JsonAsync())["id"]!;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(Guid.TryParseExact(id, "D", out _), Is.True);
        Assert.That(response.Header("Location"), Is.EqualTo($"http://localhost{K}('{id}')"));
        Assert.That(
            (await Writer.DeleteAsync(response.Headers.Location)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    [Row("F2")]
    [Row("F3")]
    public async Task Creates_a_set_under_an_id_once()
    {
        HttpResponseMessage first = await SendAsync(HttpMethod.Post, K, """{"id":"new"}""");
        HttpResponseMessage second = await SendAsync(HttpMethod.Post, K, """{"id":"new"}""");

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await second.AssertErrorAsync(HttpStatusCode.Conflict, "AADB2C95028", "id");
    }

    [Test]
    [Row("F4")]
    public async Task Replaces_the_keys_of_a_set_as_a_whole()
    {
        await PutAsync("new", """[{"kty":"EC","kid":"a"},{"kty":"EC","kid":"b","use":"sig"}]""");

        HttpResponseMessage response = await SendAsync(
            HttpMethod.Patch, $"{K}('new')", """{"keys":[{"kty":"EC","kid":"b"}]}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        JsonNode key = (await GetAsync($"{K}('new')"))["keys"]!.AsArray().Single()!;
        Assert.That((string?)key["kid"], Is.EqualTo("b"));
        Assert.That((string?)key["use"], Is.Null);
    }

    [Test]
    [Row("F4")]
    public async Task Leaves_the_keys_of_a_set_if_the_client_sends_none()
    {
        await PutAsync("new", """[{"kty":"EC","kid":"a"}]""");

        JsonObject patched = await (await SendAsync(HttpMethod.Patch, $"{K}('new')", "{}")).JsonAsync();

        Assert.That((string?)patched["keys"]![0]!["kid"], Is.EqualTo("a"));
    }

    [Row("F5")]
    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task Ignores_the_id_in_the_body_of_a_change(string method)
    {
        HttpResponseMessage response = await SendAsync(new HttpMethod(method), $"{K}('new')", """{"id":"other"}""");

        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo("new"));
        Assert.That((await Writer.GetAsync($"{K}('other')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    [Row("F6")]
    public async Task Empties_a_set_that_is_replaced_by_one_without_keys()
    {
        await PutAsync("new", """[{"kty":"EC","kid":"a"}]""");

        HttpResponseMessage response = await SendAsync(HttpMethod.Put, $"{K}('new')", """{"id":"new"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await GetAsync($"{K}('new')"))["keys"]!.AsArray(), Is.Empty);
    }

    [Row("F7")]
    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task Creates_a_set_at_its_URL(string method)
    {
        HttpResponseMessage response = await SendAsync(
            new HttpMethod(method), $"{K}/new", """{"keys":[{"kty":"EC","kid":"a"}]}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Header("Location"), Is.EqualTo($"http://localhost{K}('new')"));
        Assert.That((string?)(await GetAsync($"{K}('new')/keys"))["value"]![0]!["kid"], Is.EqualTo("a"));
    }

    [Row("F7")]
    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task Creates_a_set_at_its_URL_without_a_body_in_the_answer(string method)
    {
        HttpResponseMessage response = await SendAsync(
            new HttpMethod(method), $"{K}/new", "{}", ("Prefer", "return=minimal"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Header("OData-EntityId"), Is.EqualTo($"http://localhost{K}('new')"));
    }

    [Test]
    [Row("F13")]
    public async Task Removes_a_set_once()
    {
        await PutAsync("new", """[{"kty":"EC"}]""");

        Assert.That((await Writer.DeleteAsync($"{K}('new')")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await (await Writer.DeleteAsync($"{K}('new')")).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
    }

    [Test]
    [Row("F14")]
    public async Task Changes_the_keys_as_a_property()
    {
        await PutAsync("new", "[]");
        string keys = $"{K}('new')/keys";

        Assert.That(
            (await SendAsync(HttpMethod.Put, keys, """{"value":[{"kty":"EC","kid":"a"}]}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await SendAsync(HttpMethod.Post, keys, """{"kty":"EC","kid":"b"}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await GetAsync(keys))["value"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo(["a", "b"]));
        Assert.That(
            (await SendAsync(HttpMethod.Patch, keys, "{}")).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        HttpResponseMessage deleted = await Writer.DeleteAsync(keys);
        Assert.That(deleted.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(deleted.Header("ETag"), Is.EqualTo((await Writer.GetAsync($"{K}('new')")).Header("ETag")));
        Assert.That((await GetAsync(keys))["value"]!.AsArray(), Is.Empty);
    }

    [Row("F15")]
    [TestCase("PATCH", "", """{"foo":1}""", "foo")]
    [TestCase("PUT", "", """{"keys":[{"kty":1}]}""", "keys/0/kty")]
    [TestCase("PUT", "", """{"@odata.type":"#other"}""", "@odata.type")]
    [TestCase("PUT", "/keys", """{"value":[{"foo":1}]}""", "value/0/foo")]
    [TestCase("PUT", "/keys", """{"keys":[]}""", "keys")]
    [TestCase("PUT", "/keys", "{}", "value")]
    [TestCase("POST", "/keys", """{"kty":"EC","exp":"1"}""", "exp")]
    public async Task Refuses_an_invalid_body(
        string method, string path, string body, string target) =>
        await (await SendAsync(new HttpMethod(method), $"{K}('set1'){path}", body))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", target);

    [Row("F16")]
    [TestCase("POST", "")]
    [TestCase("PATCH", "('set1')")]
    [TestCase("PUT", "('set1')")]
    [TestCase("PUT", "('set1')/keys")]
    [TestCase("POST", "('set1')/keys")]
    public async Task Refuses_a_body_that_is_not_JSON(string method, string path) =>
        await (await SendAsync(new HttpMethod(method), K + path, "{}", ("Content-Type", "text/plain")))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");

    [Row("A8")]
    [TestCase("PATCH", "('new')", """{"keys":[]}""")]
    [TestCase("PUT", "('new')", "{}")]
    [TestCase("PUT", "('new')/keys", """{"value":[]}""")]
    [TestCase("POST", "('new')/keys", """{"kty":"EC"}""")]
    public async Task Changes_nothing_for_a_client_that_cannot_read_the_answer(string method, string path, string body)
    {
        await PutAsync("new", """[{"kty":"EC","kid":"a"}]""");
        string before = await Writer.GetStringAsync($"{K}('new')");

        await (await SendAsync(new HttpMethod(method), K + path, body, ("Accept", "text/csv")))
            .AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
        Assert.That(await Writer.GetStringAsync($"{K}('new')"), Is.EqualTo(before));
    }

    [TestCase("POST", "", "{}")]
    [TestCase("PUT", "('new')", "{}")]
    [TestCase("DELETE", "('set1')/keys", null)]
    [Row("F1")]
    public async Task Refuses_query_options_in_changes(string method, string path, string? body) =>
        await (await SendAsync(new HttpMethod(method), $"{K}{path}?$select=id", body))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", "$select");

    [Test]
    [Row("F17")]
    public async Task Ignores_annotations_that_it_does_not_know() =>
        Assert.That(
            (await SendAsync(
                HttpMethod.Put,
                $"{K}('new')",
                """{"@my.note":1,"keys@my.note":{},"keys":[{"kty":"EC","@my.note":[],"kid@my.note":2}]}"""))
                .StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
}

using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section F: ETags and conditional requests.</summary>
[OnEveryDatabase("", OnTwoInstances = true)]
[OnEveryDatabase("/beta")]
public sealed class ConditionalRequestTests(string root) : ConformanceTests(root)
{
    private const string Stale = "W/\"00000000000000000000000000000000\"";

    [Row("F8")]
    [TestCase("PATCH", "*")]
    [TestCase("PUT", "*")]
    [TestCase("PATCH", Stale)]
    [TestCase("PUT", Stale)]
    public async Task Creates_nothing_for_a_client_that_wants_to_change(string method, string tag)
    {
        await (await SendAsync(new HttpMethod(method), $"{K}('new')", "{}", ("If-Match", tag)))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
        Assert.That((await Writer.GetAsync($"{K}('new')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Row("F9")]
    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task Changes_nothing_for_a_client_that_wants_to_create(string method)
    {
        await (await SendAsync(new HttpMethod(method), $"{K}('set1')", """{"keys":[]}""", ("If-None-Match", "*")))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-None-Match");
        Assert.That((await GetAsync($"{K}('set1')"))["keys"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [Test]
    [Row("F10")]
    public async Task Writes_the_same_tag_in_the_header_and_in_the_body()
    {
        HttpResponseMessage response = await Writer.GetAsync($"{K}('set1')");

        string tag = (string)(await response.JsonAsync())["@odata.etag"]!;
        Assert.That(response.Header("ETag"), Is.EqualTo(tag));
        Assert.That(
            (string?)(await GetAsync($"{K}?$filter=id eq 'set1'&$select=id"))["value"]![0]!["@odata.etag"],
            Is.EqualTo(tag));
    }

    [Row("F11")]
    [TestCase("")]
    [TestCase("/keys")]
    [TestCase("/id")]
    [TestCase("/id/$value")]
    [TestCase("?$select=id")]
    public async Task Sends_nothing_that_the_client_already_has(string path)
    {
        string tag = (await Writer.GetAsync($"{K}('set1')")).Header("ETag")!;

        HttpResponseMessage response = await Writer.GetAsync(
            $"{K}('set1'){path}", ("If-None-Match", $"\"other\", {tag}"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(response.Header("ETag"), Is.EqualTo(tag));
        Assert.That(response.Header("Vary"), Is.Not.Null);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        Assert.That(
            (await Writer.GetAsync($"{K}('set1'){path}", ("If-None-Match", Stale))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
    }

    [Row("F12")]
    [TestCase("PATCH", "", "{}")]
    [TestCase("PUT", "", "{}")]
    [TestCase("DELETE", "", null)]
    [TestCase("PUT", "/keys", """{"value":[]}""")]
    [TestCase("POST", "/keys", """{"kty":"EC"}""")]
    [TestCase("DELETE", "/keys", null)]
    [TestCase("GET", "", null)]
    public async Task Refuses_a_stale_tag(string method, string path, string? body)
    {
        string before = await Writer.GetStringAsync($"{K}('set1')");

        await (await SendAsync(new HttpMethod(method), $"{K}('set1'){path}", body, ("If-Match", Stale)))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
        Assert.That(await Writer.GetStringAsync($"{K}('set1')"), Is.EqualTo(before));
    }

    [Test]
    [Row("F12")]
    public async Task Compares_tags_whether_weak_or_strong()
    {
        string strong = (await Writer.GetAsync($"{K}('set1')")).Header("ETag")![2..];

        Assert.That(
            (await SendAsync(HttpMethod.Patch, $"{K}('set1')", "{}", ("If-Match", $"\"other\", {strong}"))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await Writer.GetAsync($"{K}('set1')", ("If-None-Match", strong))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Row("F12")]
    [TestCase("If-Match", "nonsense")]
    [TestCase("If-Match", "\"a\" \"b\"")]
    [TestCase("If-None-Match", "W/x")]
    public async Task Refuses_malformed_tags(string header, string tags) =>
        await (await SendAsync(HttpMethod.Patch, $"{K}('set1')", "{}", (header, tags)))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", header);
}

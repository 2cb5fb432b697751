using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: bodies that are refused before anything is stored.</summary>
public sealed class CreateKeySetBodyTests : ApiTests
{
    [TestCase("text/plain")]
    [TestCase("application/xml")]
    [TestCase("application/jsonp")]
    [TestCase("application/json;charset=utf-16")]
    [TestCase("nonsense")]
    [TestCase("")]
    public async Task Refuses_another_media_type(string contentType)
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            """{"id":"media-type"}""", ("Content-Type", contentType));

        await response.AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
        await AssertNotStoredAsync("media-type");
    }

    [Test]
    public async Task Refuses_a_body_without_a_media_type()
    {
        using ByteArrayContent content = new("{}"u8.ToArray());

        HttpResponseMessage response = await Writer.SendAsync(HttpMethod.Post, HttpExtensions.KeySets, content);

        await response.AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
    }

    [Test]
    public async Task Refuses_a_compressed_body()
    {
        using ByteArrayContent content =
            new([0x1F, 0x8B]) { Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } } };

        HttpResponseMessage response = await Writer.SendAsync(HttpMethod.Post, HttpExtensions.KeySets, content);

        await response.AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
    }

    [TestCase("application/json; charset=utf-8")]
    [TestCase("application/json; charset=\"UTF-8\"")]
    [TestCase("Application/JSON;odata.metadata=minimal")]
    public async Task Takes_json_in_utf_8(string contentType)
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}", ("Content-Type", contentType));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Takes_a_byte_order_mark()
    {
        HttpResponseMessage response = await Writer.CreateAsync("\uFEFF{}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TestCase("")]
    [TestCase(" \r\n\t")]
    [TestCase("\uFEFF")]
    public async Task Refuses_an_empty_body(string body)
    {
        HttpResponseMessage response = await Writer.CreateAsync(body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026");
    }

    [TestCase("{")]
    [TestCase("""{"id":"malformed",}""")]
    [TestCase("""{"id":"malformed"} x""")]
    [TestCase("""{"id":"malformed"}{}""")]
    [TestCase("""{'id':'malformed'}""")]
    [TestCase("""{"id":malformed}""")]
    [TestCase("""{"id":"malformed"/* comment */}""")]
    [TestCase("""{"id":"malformed","keys":[{"exp":03}]}""")]
    [TestCase("""{"id":"malformed","@a":NaN}""")]
    [TestCase("""{"id":"malformed","id":"malformed"}""")]
    [TestCase("""{"id":"malformed","keys":[{"kty":"EC","k":"1","k":"2"}]}""")]
    [TestCase("""{"id":"malformed","@a":"1","@a":"2"}""")]
    [TestCase("""{"id":"malformed","keys":[{"kty":"\ud800"}]}""")]
    [TestCase("""{"id":"malformed","\ud800":1}""")]
    public async Task Refuses_malformed_json(string body)
    {
        HttpResponseMessage response = await Writer.CreateAsync(body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026");
        await AssertNotStoredAsync("malformed");
    }

    [Test]
    public async Task Says_where_json_is_malformed_without_quoting_it()
    {
        HttpResponseMessage response = await Writer.CreateAsync("{\n\"keys\":[{\"d\":tSECRET}]}");

        string body = await response.Content.ReadAsStringAsync();
        Assert.That(body, Does.Contain("line 2").And.Not.Contain("SECRET"));
    }

    [Test]
    public async Task Refuses_text_that_is_not_utf_8()
    {
        using ByteArrayContent content =
            new([.. "{\"id\":\""u8, 0xFF, .. "\"}"u8]) { Headers = { { "Content-Type", "application/json" } } };

        HttpResponseMessage response = await Writer.SendAsync(HttpMethod.Post, HttpExtensions.KeySets, content);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026");
    }

    [Test]
    public async Task Takes_json_nested_32_deep_and_refuses_33()
    {
        HttpResponseMessage deepest = await Writer.CreateAsync($$"""{"@note":{{Nested(31)}}}""");
        Assert.That(deepest.StatusCode, Is.EqualTo(HttpStatusCode.Created));

        HttpResponseMessage tooDeep = await Writer.CreateAsync($$"""{"@note":{{Nested(32)}}}""");
        await tooDeep.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026");
        Assert.That(await tooDeep.Content.ReadAsStringAsync(), Does.Contain("32 deep"));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [TestCase("[")]
    [TestCase("{\"a\":")]
    public async Task Refuses_json_nested_100000_deep(string opening)
    {
        HttpResponseMessage response = await Writer.CreateAsync(string.Concat(Enumerable.Repeat(opening, 100_000)));

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026");
    }

    [Test]
    public async Task Takes_a_body_of_1_MiB_and_refuses_one_byte_more()
    {
        HttpResponseMessage largest = await Writer.CreateAsync(BodyOf(1024 * 1024));
        Assert.That(largest.StatusCode, Is.EqualTo(HttpStatusCode.Created));

        HttpResponseMessage tooLarge = await Writer.CreateAsync(BodyOf((1024 * 1024) + 1));
        await tooLarge.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");
        await AssertNotStoredAsync($"size-{(1024 * 1024) + 1}");

        static string BodyOf(int bytes) => $$"""{"id":"size-{{bytes}}"}""".PadRight(bytes);
    }

    [Test]
    public async Task Refuses_a_chunked_body_that_is_too_large()
    {
        HttpResponseMessage response = await PostInPiecesAsync("{}".PadRight(3_000_000));

        await response.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");
    }

    [Test]
    public async Task Keeps_the_bodies_of_requests_apart_even_after_one_was_too_large()
    {
        await PostInPiecesAsync("{}".PadRight(3_000_000));
        string[] ids = [.. Enumerable.Range(0, 50).Select(index => $"apart-{index}")];

        HttpResponseMessage[] responses = await Task.WhenAll(
            ids.Select(id => PostInPiecesAsync($$"""{"id":"{{id}}"}""".PadRight(4000))));

        Assert.That(responses.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.Created));
        JsonObject[] sets = await Task.WhenAll(responses.Select(response => response.JsonAsync()));
        Assert.That(sets.Select(set => (string?)set["id"]), Is.EqualTo(ids));
    }

    /// <summary>Sends a chunked body, a thousand bytes at a time.</summary>
    private async Task<HttpResponseMessage> PostInPiecesAsync(string json)
    {
        using HttpRequestMessage request =
            new(HttpMethod.Post, HttpExtensions.KeySets) { Content = new PiecesContent(json) };
        request.Headers.TransferEncodingChunked = true;
        return await Writer.SendAsync(request);
    }

    private async Task AssertNotStoredAsync(string id) =>
        await (await Writer.GetAsync($"/trustFramework/keySets/{id}"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
}

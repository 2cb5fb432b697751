using System.Net;
using System.Net.Http.Headers;
using System.Text;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section C: <c>POST /trustFramework/keySets/$query</c>.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class QueryInBodyTests(string root) : ConformanceTests(root)
{
    [Row("C9")]
    [TestCase("$filter=id%20eq%20%27set1%27&$select=id")]
    [TestCase("filter=id%20eq%20%27set1%27")]
    public async Task Takes_a_query_from_the_body(string query)
    {
        HttpResponseMessage response = await Writer.PostAsync(
            $"{K}/$query", new StringContent(query, Encoding.UTF8, "text/plain"));

        Assert.That(Ids(await response.JsonAsync()), Is.EqualTo("set1"));
    }

    [Test]
    [Row("C9")]
    public async Task Takes_a_query_from_a_body_in_plain_text_only() =>
        await (await SendAsync(HttpMethod.Post, $"{K}/$query", "{}"))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");

    [Row("C9")]
    [TestCase("Content-Type", "text/plain;charset=utf-16")]
    [TestCase("Content-Type", "text/plain;charset=iso-8859-1")]
    [TestCase("Content-Encoding", "gzip")]
    [TestCase("Content-Encoding", "br")]
    public async Task Refuses_a_query_in_another_charset_or_content_encoding(string header, string value)
    {
        StringContent query = new("$filter=id eq 'set1'", Encoding.UTF8, "text/plain");
        query.Headers.Remove(header);
        query.Headers.Add(header, value);

        await (await Writer.PostAsync($"{K}/$query", query))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
    }

    [Test]
    [Row("C9")]
    public async Task Skips_the_byte_order_mark_of_a_query()
    {
        HttpResponseMessage response = await Writer.PostAsync(
            $"{K}/$query", new StringContent("\ufeff$filter=id eq 'set1'", Encoding.UTF8, "text/plain"));

        Assert.That(Ids(await response.JsonAsync()), Is.EqualTo("set1"));
    }

    [Test]
    [Row("C9")]
    public async Task Refuses_a_query_that_is_not_valid_text()
    {
        ByteArrayContent query = new([.. "$filter=id eq '"u8, 0xE4, (byte)'\'']);
        query.Headers.ContentType = new MediaTypeHeaderValue("text/plain");

        await (await Writer.PostAsync($"{K}/$query", query)).AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C95026");
    }
}

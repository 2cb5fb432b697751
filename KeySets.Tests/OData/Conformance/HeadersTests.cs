using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section A: headers, versions, formats.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class HeadersTests(string root) : ConformanceTests(root)
{
    [Row("A1")]
    [TestCase("GET", "/trustFramework/keySets")]
    [TestCase("GET", "/trustFramework/keySets('nobody')")]
    [TestCase("DELETE", "/trustFramework/keySets('nobody')")]
    [TestCase("DELETE", "/trustFramework/keySets")]
    [TestCase("GET", "/trustFramework/keySets?$filter=")]
    [TestCase("GET", "/nowhere")]
    [TestCase("GET", "/$batch")]
    public async Task Says_its_version_on_every_answer(string method, string path)
    {
        HttpResponseMessage response = await Writer.SendAsync(new HttpMethod(method), Root + path);

        Assert.That(response.Header("OData-Version"), Is.EqualTo("4.0"));
    }

    [Test]
    [Row("A1")]
    public async Task Says_its_version_to_a_client_without_a_token() =>
        Assert.That((await Application.Anonymous.GetAsync(K)).Header("OData-Version"), Is.EqualTo("4.0"));

    [Test]
    [Row("A2")]
    public async Task Writes_4_0_to_a_client_that_reads_no_more()
    {
        JsonObject answer = await GetAsync($"{K}?$count=true&$top=1", ("OData-MaxVersion", "4.0"));

        Assert.That(answer.Select(member => member.Key), Is.EqualTo(["@odata.context", "@odata.count", "value"]));
    }

    [Test]
    [Row("A3")]
    public async Task Writes_4_01_to_a_client_that_reads_it()
    {
        HttpResponseMessage response = await Writer.GetAsync(
            $"{K}?$count=true&$top=1&$filter=id eq 'set1'", ("OData-MaxVersion", "4.01"));

        JsonObject answer = await response.JsonAsync();
        Assert.That(response.Header("OData-Version"), Is.EqualTo("4.01"));
        Assert.That(answer.Select(member => member.Key), Is.EqualTo(["@context", "@count", "value"]));
        Assert.That(
            answer["value"]![0]!.AsObject().Select(member => member.Key), Is.EqualTo(["@type", "@etag", "id", "keys"]));
        Assert.That(answer["value"]![0]!["keys"]![0]!.AsObject().First().Key, Is.EqualTo("@type"));
    }

    [Test]
    [Row("A4")]
    public async Task Reads_4_01()
    {
        HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            K,
            """{"@type":"#microsoft.cpim.api.dataModels.trustFrameworkKeySet","id":"v401"}""",
            ("OData-Version", "4.01"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await Writer.DeleteAsync($"{K}('v401')")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Row("A5")]
    [TestCase("3.0")]
    [TestCase("2")]
    [TestCase("4,0")]
    public async Task Refuses_a_client_that_reads_only_versions_that_it_does_not_write(string version) =>
        await (await Writer.GetAsync(K, ("OData-MaxVersion", version)))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "OData-MaxVersion");

    [Row("A11")]
    [TestCase("Accept-Charset", "utf-8")]
    [TestCase("Accept", "application/json;charset=utf-8")]
    public async Task Writes_the_charset_that_the_client_asks_for(string header, string value) =>
        Assert.That((await Writer.GetAsync(K, (header, value))).Header("Content-Type"), Does.Contain("charset=utf-8"));

    [Row("A6")]
    [Row("A7")]
    [TestCase("odata.metadata=none", 0)]
    [TestCase("odata.metadata=minimal", 2)]
    [TestCase("odata.metadata=full", 4)]
    [TestCase("metadata=none", 0)]
    [TestCase("metadata=minimal", 2)]
    [TestCase("metadata=full", 4)]
    public async Task Writes_as_much_metadata_as_the_client_asks_for(string parameter, int annotationsOfASet)
    {
        HttpResponseMessage response = await Writer.GetAsync(
            $"{K}?$filter=id eq 'Empty'", ("Accept", $"application/json;{parameter}"));

        JsonObject set = (await response.JsonAsync())["value"]![0]!.AsObject();
        // OData JSON section 3.1: the version of the answer decides the names, not the spelling of the client.
        Assert.That(
            response.Header("Content-Type"),
            Is.EqualTo(
                $"application/json; odata.{parameter.Replace("odata.", "", StringComparison.Ordinal)}; "
                    + "odata.streaming=true"));
        Assert.That(set.Count(member => member.Key.StartsWith('@')), Is.EqualTo(annotationsOfASet));
    }

    [Row("A7")]
    [TestCase("odata.metadata=full")]
    [TestCase("metadata=full")]
    public async Task Writes_short_names_of_parameters_to_a_client_that_reads_4_01(string parameter)
    {
        HttpResponseMessage response = await Writer.GetAsync(
            K, ("Accept", $"application/json;{parameter}"), ("OData-MaxVersion", "4.01"));

        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/json; metadata=full; streaming=true"));
    }

    [Row("A8")]
    [TestCase("text/csv")]
    [TestCase("application/json;foo=bar")]
    [TestCase("application/json;q=0")]
    [TestCase("application/json;q=0.0, application/xml")]
    public async Task Refuses_formats_that_it_cannot_write(string accept) =>
        await (await Writer.GetAsync(K, ("Accept", accept)))
            .AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");

    [Test]
    [Row("A9")]
    public async Task Follows_format_rather_than_Accept() =>
        Assert.That(await IdsAsync("$format=json&$top=1", ("Accept", "text/csv")), Is.EqualTo("Empty"));

    [Test]
    [Row("A10")]
    public async Task Writes_long_numbers_as_text_to_a_client_that_asks_for_it()
    {
        JsonObject answer = await GetAsync($"{K}('set1')/keys", ("Accept", "application/json;IEEE754Compatible=true"));

        Assert.That(answer["value"]!.AsArray().Select(key => (string?)key!["exp"]), Is.EqualTo(["1", "11"]));
        Assert.That(answer["value"]![0]!["exp"]!.GetValueKind(), Is.EqualTo(JsonValueKind.String));
    }

    [Row("A11")]
    [TestCase("/trustFramework/keySets")]
    [TestCase("/trustFramework/keySets/$count")]
    [TestCase("/trustFramework/keySets('set1')/id/$value")]
    [TestCase("/$metadata")]
    [TestCase("/nowhere")]
    public async Task Writes_no_charset_unless_the_client_asks_for_it(string path) =>
        Assert.That(
            (await Writer.GetAsync(Root + path)).Header("Content-Type"), Is.Not.Null.And.Not.Contain("charset"));

    [Test]
    [Row("A12")]
    public async Task Lists_the_entity_set_and_the_singleton_in_the_service_document()
    {
        JsonObject document = await GetAsync($"{Root}/");

        Assert.That(
            document["value"]!.AsArray().Select(item => $"{item!["kind"]} {item["name"]}"),
            Is.EquivalentTo(["EntitySet keySets", "Singleton trustFramework"]));
    }

    [Row("A12")]
    [Row("A13")]
    [TestCase("*/*", "application/xml")]
    [TestCase("application/xml", "application/xml")]
    [TestCase("application/json", "application/json")]
    public async Task Describes_itself_in_XML_and_JSON(string accept, string contentType)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Root}/$metadata", ("Accept", accept));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("Content-Type"), Does.StartWith(contentType));
    }

    [Row("A14")]
    [TestCase("/")]
    [TestCase("/$metadata")]
    [TestCase("/trustFramework")]
    [TestCase("/trustFramework/keySets")]
    [TestCase("/trustFramework/keySets/$count")]
    [TestCase("/trustFramework/keySets('set1')")]
    [TestCase("/trustFramework/keySets/set1/keys")]
    [TestCase("/trustFramework/keySets/set1/keys/$count")]
    [TestCase("/trustFramework/keySets('set1')/id")]
    [TestCase("/trustFramework/keySets('set1')/id/$value")]
    public async Task Answers_HEAD_as_GET(string path)
    {
        HttpResponseMessage get = await Writer.GetAsync(Root + path);
        HttpResponseMessage head = await Writer.SendAsync(HttpMethod.Head, Root + path);

        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(head.Header("Content-Type"), Is.EqualTo(get.Header("Content-Type")));
        Assert.That(head.Header("ETag"), Is.EqualTo(get.Header("ETag")));
        Assert.That(head.Content.Headers.ContentLength, Is.EqualTo((await get.Content.ReadAsByteArrayAsync()).Length));
    }
}

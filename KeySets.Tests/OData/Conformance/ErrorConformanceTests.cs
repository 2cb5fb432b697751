using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section H: errors.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class ErrorConformanceTests(string root) : ConformanceTests(root)
{
    [Row("H1")]
    [TestCase("/trustFramework/keySets?$filter=nothing", HttpStatusCode.BadRequest, "BadRequest", "$filter")]
    [Row("H2")]
    [TestCase("/trustFramework/keySets?$apply=x", HttpStatusCode.NotImplemented, "NotImplemented", "$apply")]
    [TestCase("/trustFramework/keySets/$each", HttpStatusCode.NotImplemented, "NotImplemented", null)]
    [Row("H3")]
    [TestCase("/nowhere", HttpStatusCode.NotFound, "NotFound", null)]
    [TestCase("/trustFramework/keySets('nobody')", HttpStatusCode.NotFound, "AADB2C90073", "id")]
    [TestCase("/trustFramework/keySets?$format=atom", HttpStatusCode.NotAcceptable, "NotAcceptable", "$format")]
    [TestCase("/$batch", HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", null)]
    public async Task Has_one_shape_of_error(string path, HttpStatusCode status, string code, string? target) =>
        await (await Writer.GetAsync(Root + path)).AssertErrorAsync(status, code, target);

    [Test]
    [Row("H3")]
    public async Task Has_one_shape_of_error_for_refused_clients_and_media_types()
    {
        await (await Application.Anonymous.GetAsync(K))
            .AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        await (await Application.Reader.DeleteAsync($"{K}('set1')"))
            .AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");
        await (await SendAsync(HttpMethod.Post, K, "{}", ("Content-Type", "text/plain")))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
    }

    [Row("H3")]
    [TestCase("GET", "/nowhere")]
    [TestCase("GET", "/trustFramework/keySets?$filter=nothing")]
    [TestCase("DELETE", "/trustFramework")]
    public async Task Says_how_long_an_error_is(string method, string path)
    {
        HttpResponseMessage response = await Writer.SendAsync(new HttpMethod(method), Root + path);

        Assert.That(
            response.Content.Headers.ContentLength, Is.EqualTo((await response.Content.ReadAsByteArrayAsync()).Length));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("\\u00"));
    }

    [Test]
    [Row("H3")]
    public async Task Has_the_shape_of_its_root_in_each_part_of_a_batch()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root, [
            Batches.Request("unknown", "GET", "trustFramework/keySets('nobody')"),
            Batches.Request("dependent", "GET", "trustFramework/keySets", dependsOn: "unknown"),
            Batches.Request("unrouted", "GET", "nowhere"),
            Batches.Request("unreadable", "POST", "trustFramework/keySets", """{"keys":5}"""),
        ]);

        string name = Root == "/beta" ? "innerError" : "innererror";
        Assert.That(
            answers.Values.Select(answer => answer["body"]!["error"]!.AsObject().Last().Key), Is.All.EqualTo(name));
        Assert.That(
            answers.Values.Select(answer => (string?)answer["headers"]!["content-language"]), Is.All.EqualTo("en"));
    }

    [Test]
    [Row("H4")]
    public async Task Refuses_to_expand_twice_before_the_first_byte() =>
        await (await Writer.GetAsync($"{Root}/trustFramework?$expand=keySets,keySets/$ref"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$expand");

    [Row("H4")]
    [TestCase("$filter=null")]
    [TestCase("$filter=not null")]
    [TestCase("$filter=@unset")]
    [TestCase("$filter=keys/any(k:k eq null)")]
    [TestCase("$filter=keys/any(k:k in (null))")]
    [TestCase("$filter=keys/any(k:keys/any(l:l eq k))")]
    [TestCase("$orderby=null")]
    [TestCase("$orderby=keys")]
    [TestCase("$select=keys($filter=$it/id eq 'set1')")]
    [TestCase("$select=keys($filter=null)")]
    [TestCase("$select=keys($orderby=null)")]
    public async Task Refuses_a_query_that_it_cannot_run_before_the_first_byte(string query)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{K}?{query}");

        JsonNode error = (await response.JsonAsync())["error"]!;
        Assert.That(
            response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest).Or.EqualTo(HttpStatusCode.NotImplemented));
        Assert.That((string?)error["code"], Is.EqualTo(response.StatusCode.ToString()));
        Assert.That((string?)error["target"], Is.Null.Or.EqualTo(query.Split('=')[0]));
    }
}

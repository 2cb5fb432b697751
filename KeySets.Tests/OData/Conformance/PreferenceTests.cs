using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section E: preferences.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class PreferenceTests(string root) : ConformanceTests(root)
{
    [Test]
    [Row("E1")]
    public async Task Answers_a_create_without_a_body_if_the_client_prefers_that()
    {
        HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, K, """{"id":"minimal"}""", ("Prefer", "return=minimal"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Header("Location"), Is.EqualTo($"http://localhost{K}('minimal')"));
        Assert.That(response.Header("OData-EntityId"), Is.EqualTo(response.Header("Location")));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo("return=minimal"));
        await Writer.DeleteAsync(response.Headers.Location);
    }

    [Row("E2")]
    [TestCase("PATCH")]
    [TestCase("PUT")]
    public async Task Answers_a_change_with_the_set_if_the_client_prefers_that(string method)
    {
        HttpResponseMessage response = await SendAsync(
            new HttpMethod(method), $"{K}('Empty')", "{}", ("Prefer", "return=representation"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo("return=representation"));
        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo("Empty"));
    }

    [Row("E2")]
    [TestCase("PATCH", "", "{}")]
    [TestCase("PUT", "", "{}")]
    [TestCase("PUT", "/keys", """{"value":[]}""")]
    public async Task Answers_a_change_without_a_body_if_the_client_prefers_that(
        string method, string property, string body)
    {
        HttpResponseMessage response = await SendAsync(
            new HttpMethod(method), $"{K}('Empty'){property}", body, ("Prefer", "return=minimal"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo("return=minimal"));
        Assert.That(response.Header("ETag"), Is.EqualTo((await Writer.GetAsync($"{K}('Empty')")).Header("ETag")));
        // Neither is sent: Microsoft.OData.Client rejects one without the other, and throws after the change.
        Assert.That(response.Header("OData-EntityId"), Is.Null);
        Assert.That(response.Header("Location"), Is.Null);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
    }

    [Row("E3")]
    [TestCase("maxpagesize=1")]
    [TestCase("odata.maxpagesize=1")]
    public async Task Makes_pages_as_small_as_the_client_prefers(string preference)
    {
        HttpResponseMessage response = await Writer.GetAsync(K, ("Prefer", preference));

        JsonObject page = await response.JsonAsync();
        Assert.That(Ids(page), Is.EqualTo("Empty"));
        Assert.That((string?)page["@odata.nextLink"], Does.StartWith($"http://localhost{K}?$skiptoken="));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo(preference));
    }

    [Row("E3")]
    [TestCase("maxpagesize=0")]
    [TestCase("maxpagesize=-1")]
    [TestCase("maxpagesize=many")]
    [TestCase("maxpagesize")]
    [TestCase("maxpagesize=99999999999")]
    [Row("E4")]
    [TestCase("respond-async")]
    [TestCase("track-changes")]
    [TestCase("odata.track-changes, respond-async; foo")]
    [TestCase("include-annotations=\"\u00e9\"")]
    public async Task Ignores_a_preference_that_it_does_not_follow(string preference)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{K}?$select=id", ("Prefer", preference));

        Assert.That(Ids(await response.JsonAsync()), Is.EqualTo("Empty oct1 set1 set2 set3 set4 set5"));
        Assert.That(response.Header("Preference-Applied"), Is.Null);
    }

    [Row("E4")]
    [TestCase("a b")]
    [TestCase("return=representation, a b")]
    [TestCase("\u00e4=1")]
    [TestCase("=, ;;, \"")]
    [TestCase("odata.include-annotations=\"display\"")]
    [TestCase("odata.include-annotations=\"a.*.b\", return=representation")]
    [TestCase("ODATA.include-annotations=\"\"")]
    public async Task Ignores_a_malformed_preference(string preference)
    {
        HttpResponseMessage created = await SendAsync(
            HttpMethod.Post, K, """{"id":"preferred"}""", ("Prefer", preference));
        HttpResponseMessage read = await Writer.GetAsync($"{K}('preferred')", ("Prefer", preference));

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(read.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Writer.DeleteAsync($"{K}('preferred')");
    }

    [Row("E4")]
    [TestCase("Isolation")]
    [TestCase("OData-Isolation")]
    public async Task Refuses_isolation(string header) =>
        await (await Writer.GetAsync(K, (header, "snapshot")))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", header);

    [Row("E5")]
    [TestCase("include-annotations")]
    [TestCase("odata.include-annotations")]
    public async Task Follows_the_preference_for_annotations(string name)
    {
        HttpResponseMessage response = await Writer.GetAsync(K, ("Prefer", $"{name}=\"*\", maxpagesize=2"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo($"{name}=\"*\", maxpagesize=2"));
    }

    [Row("E6")]
    [TestCase("/trustFramework/keySets")]
    [TestCase("/trustFramework/keySets('set1')")]
    [TestCase("/trustFramework/keySets('nobody')")]
    [TestCase("/$metadata")]
    public async Task Says_which_headers_an_answer_depends_on(string path) =>
        Assert.That(
            (await Writer.GetAsync(Root + path)).Header("Vary"), Is.EqualTo("Accept, OData-MaxVersion, Prefer"));
}

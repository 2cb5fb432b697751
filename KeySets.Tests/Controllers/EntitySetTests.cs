using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Controllers;

/// <summary>
/// The entity set at <c>/keySets</c>: the sets of <c>/trustFramework/keySets</c>, for clients that do not look into
/// singletons.
/// </summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class EntitySetTests(string root) : ApiTests
{
    private readonly string _contained = $"{root}/trustFramework/keySets";
    private readonly string _set = $"{root}/keySets";

    [OneTimeSetUp]
    public async Task CreateSets()
    {
        await Writer.CreateAsync("""
            {"id":"one","keys":[{"kty":"EC","kid":"a","use":"sig","exp":5},{"kty":"EC","kid":"b/c","use":"sig"}]}
            """);
        await Writer.CreateAsync("""{"id":"two"}""");
    }

    [Test]
    public async Task Stands_beside_the_singleton_in_the_service_document()
    {
        JsonArray value = (await (await Writer.GetAsync($"{root}/")).JsonAsync())["value"]!.AsArray();

        Assert.That(
            value.Select(item => $"{item!["kind"]} {item["name"]} {item["url"]}"),
            Is.EquivalentTo(["EntitySet keySets keySets", "Singleton trustFramework trustFramework"]));
    }

    [Test]
    public void Has_every_route_that_the_contained_sets_have()
    {
        string[] routes =
        [
            .. Application.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Select(endpoint => $"{endpoint.DisplayName} {endpoint.RoutePattern.RawText!.TrimStart('/')}"),
        ];

        string[] contained = [.. routes.Where(route => route.Contains(" trustFramework/keySets"))];
        Assert.That(contained, Has.Length.GreaterThan(20));
        Assert.That(
            contained.Select(route => route.Replace(" trustFramework/keySets", " keySets")), Is.SubsetOf(routes));
    }

    [TestCase("")]
    [TestCase("?$top=1&$count=true")]
    [TestCase("?$expand=keys_v2&$select=id")]
    [TestCase("?$filter=keys/any(k:k/kid eq 'a')")]
    [TestCase("?$search=one")]
    [TestCase("/$count")]
    [TestCase("('one')")]
    [TestCase("/one")]
    [TestCase("(id='one')")]
    [TestCase("(@id)?@id='one'")]
    [TestCase("/one/id")]
    [TestCase("/one/id/$value")]
    [TestCase("/one/keys?$filter=kid eq 'a'")]
    [TestCase("/one/keys/$count")]
    [TestCase("/one/keys_v2")]
    [TestCase("/one/keys_v2('a')")]
    [TestCase("/one/keys_v2('b%2Fc')")]
    [TestCase("('one')/keys_v2/a?$select=status")]
    [TestCase("/one/getActiveKey")]
    [TestCase("('one')/microsoft.cpim.api.dataModels.getActiveKey()")]
    [TestCase("/one/jwks")]
    [TestCase("('nobody')")]
    [TestCase("/nobody/jwks")]
    [TestCase("/one/$ref")]
    [TestCase("?$filter=nothing")]
    public async Task Answers_as_the_contained_sets_do_under_its_own_context(string url)
    {
        HttpResponseMessage expected = await Writer.GetAsync(_contained + url, ("client-request-id", "x"));
        HttpResponseMessage found = await Writer.GetAsync(_set + url, ("client-request-id", "x"));

        Assert.That(found.StatusCode, Is.EqualTo(expected.StatusCode));
        Assert.That(found.Header("ETag"), Is.EqualTo(expected.Header("ETag")));
        string text = await expected.Content.ReadAsStringAsync();
        Assert.That(
            WithoutIds(await found.Content.ReadAsStringAsync()),
            Is.EqualTo(WithoutIds(text.Replace("trustFramework/keySets", "keySets", StringComparison.Ordinal))));
    }

    [Test]
    public async Task Leads_to_its_own_URLs()
    {
        HttpResponseMessage created = await Writer.SendJsonAsync(
            HttpMethod.Post, _set, """{"id":"links"}""", ("Prefer", "return=minimal"));
        HttpResponseMessage page = await Writer.GetAsync(
            _set, ("Prefer", "maxpagesize=1"), ("Accept", "application/json;odata.metadata=full"));

        Assert.That(created.Header("Location"), Is.EqualTo($"http://localhost{_set}('links')"));
        Assert.That(created.Header("OData-EntityId"), Is.EqualTo(created.Header("Location")));
        JsonObject answer = await page.JsonAsync();
        Assert.That((string?)answer["@odata.context"], Is.EqualTo($"http://localhost{root}/$metadata#keySets"));
        Assert.That((string?)answer["@odata.nextLink"], Does.StartWith($"http://localhost{_set}?"));
        JsonNode first = answer["value"]![0]!;
        Assert.That((string?)first["@odata.id"], Does.StartWith("keySets('"));
        Assert.That((string?)first["@odata.editLink"], Is.EqualTo((string?)first["@odata.id"]));
        Assert.That((string?)first["keys_v2@odata.navigationLink"], Is.EqualTo($"{first["@odata.id"]}/keys_v2"));
        await Writer.DeleteAsync($"{_set}/links");
    }

    [Test]
    public async Task Holds_the_same_sets_for_every_write()
    {
        HttpResponseMessage created = await Writer.SendJsonAsync(HttpMethod.Post, _set, """{"id":"same"}""");
        HttpResponseMessage refused = await Writer.SendJsonAsync(HttpMethod.Post, _contained, """{"id":"same"}""");
        HttpResponseMessage changed = await Writer.SendJsonAsync(
            HttpMethod.Put, $"{_contained}/same", "{}", ("If-Match", created.Header("ETag")!));
        HttpResponseMessage stale = await Writer.SendJsonAsync(
            HttpMethod.Patch, $"{_set}/same", "{}", ("If-Match", created.Header("ETag")!));
        HttpResponseMessage generated = await Writer.SendJsonAsync(
            HttpMethod.Post, $"{_set}/same/generateKey", """{"use":"sig","kty":"oct"}""");
        string kid = (string)(await generated.JsonAsync())["kid"]!;
        HttpResponseMessage disabled = await Writer.SendJsonAsync(
            HttpMethod.Patch, $"{_set}/same/keys_v2/{kid}", """{"status":"disabled"}""");
        HttpResponseMessage removed = await Writer.DeleteAsync($"{_set}('same')");
        HttpResponseMessage gone = await Writer.GetAsync($"{_contained}/same");

        Assert.That(
            new[] { created, refused, changed, stale, generated, disabled, removed, gone }
                .Select(response => (int)response.StatusCode),
            Is.EqualTo([201, 409, 200, 412, 200, 204, 204, 404]));
    }

    [Test]
    public async Task Can_be_used_in_a_batch_by_reference()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(root, [
            Batches.Request("1", "PUT", "keySets/batched", "{}", "g"),
            Batches.Request("2", "POST", "$1/keys", """{"kty":"x","kid":"y"}""", "g", "1"),
            Batches.Request("3", "DELETE", "$1", dependsOn: "g"),
        ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([201, 200, 204]));
        Assert.That(
            (string?)answers["1"]["headers"]!["location"], Is.EqualTo($"http://localhost{_set}('batched')"));
    }

    [Test]
    public async Task Needs_the_same_permissions()
    {
        Assert.That(
            (await Application.Anonymous.GetAsync(_set)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            (await Application.Reader.SendJsonAsync(HttpMethod.Post, _set, "{}")).StatusCode,
            Is.EqualTo(HttpStatusCode.Forbidden));
        HttpResponseMessage published = await Application.Anonymous.GetAsync($"{_set}/one/jwks");
        Assert.That(published.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(published.Header("Access-Control-Allow-Origin"), Is.EqualTo("*"));
    }

    [Test]
    public async Task Leaves_the_contexts_of_the_contained_sets_as_they_are()
    {
        JsonObject page = await (await Writer.GetAsync(_contained)).JsonAsync();
        JsonObject set = await (await Writer.GetAsync($"{_contained}/one")).JsonAsync();
        JsonObject keys = await (await Writer.GetAsync($"{_contained}/one/keys_v2")).JsonAsync();

        string context = $"http://localhost{root}/$metadata#trustFramework/keySets";
        Assert.That(
            new[] { page, set, keys }.Select(answer => (string?)answer["@odata.context"]),
            Is.EqualTo([context, $"{context}/$entity", $"{context}('one')/keys_v2"]));
    }

    /// <summary>An answer without what differs each time: the id and the date of an error.</summary>
    private static string WithoutIds(string text) =>
        Regex.Replace(text, "\"(date|request-id)\":\"[^\"]*\"", "");
}

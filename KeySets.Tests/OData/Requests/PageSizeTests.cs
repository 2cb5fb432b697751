using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Requests;

/// <summary>The size of a page of <c>GET /trustFramework/keySets</c>.</summary>
public sealed class PageSizeTests : ApiTests
{
    private static Task<HttpResponseMessage> PutAsync(HttpClient writer, string id, int keys)
    {
        JsonArray array =
            [.. Enumerable.Range(0, keys).Select(number => new JsonObject { ["kty"] = "EC", ["kid"] = $"{number}" })];
        return writer.SendAsync(
            HttpMethod.Put,
            $"{HttpExtensions.KeySets}('{id}')",
            new StringContent($$"""{"keys":{{array.ToJsonString()}}}""", Encoding.UTF8, "application/json"));
    }

    [Test]
    public async Task Caps_a_page_whatever_the_client_prefers()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        for (int number = 0; number < 101; number++)
        {
            await PutAsync(writer, $"set{number}", 0);
        }

        foreach (string prefer in (string[])["maxpagesize=0", "maxpagesize=100000", "odata.maxpagesize=2147483647"])
        {
            JsonObject page =
                await (await writer.GetAsync($"{HttpExtensions.KeySets}?$top=500", ("Prefer", prefer))).JsonAsync();
            Assert.That(page["value"]!.AsArray(), Has.Count.EqualTo(100));
            Assert.That((string?)page["@odata.nextLink"], Does.Contain("$top=400"));
        }

        JsonObject expanded = await (await writer.GetAsync(
            "/trustFramework?$expand=keySets($select=id;$filter=id ne 'x %26 y';$count=true)")).JsonAsync();
        Assert.That((int)expanded["keySets@odata.count"]!, Is.EqualTo(101));
        Assert.That(expanded["keySets"]!.AsArray(), Has.Count.EqualTo(100));
        JsonObject rest = await (await writer.GetAsync((string)expanded["keySets@odata.nextLink"]!)).JsonAsync();
        Assert.That(rest["value"]!.AsArray().Select(set => set!.AsObject().ContainsKey("keys")), Is.EqualTo([false]));
        Assert.That((int)rest["@odata.count"]!, Is.EqualTo(101));
        JsonObject ofRoot = await (await writer.GetAsync("/trustFramework?$select=id&$expand=keySets")).JsonAsync();
        JsonObject whole = await (await writer.GetAsync((string)ofRoot["keySets@odata.nextLink"]!)).JsonAsync();
        Assert.That(whole["value"]!.AsArray().Select(set => set!.AsObject().ContainsKey("keys")), Is.EqualTo([true]));
    }

    [Test]
    public async Task Ends_a_page_before_it_gets_too_long()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        string body = new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject { ["kty"] = "EC", ["x5t"] = new string('x', 1024 * 1000) }),
        }.ToJsonString();
        for (int number = 0; number < 7; number++)
        {
            await writer.PutAsync(
                $"{HttpExtensions.KeySets}('{number}')", new StringContent(body, Encoding.UTF8, "application/json"));
        }

        JsonObject first = await (await writer.GetAsync($"{HttpExtensions.KeySets}?$top=6&$count=true")).JsonAsync();
        JsonObject second = await (await writer.GetAsync((string)first["@odata.nextLink"]!)).JsonAsync();
        JsonObject ids = await (await writer.GetAsync($"{HttpExtensions.KeySets}?$select=id")).JsonAsync();

        Assert.That(
            first["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["0", "1", "2", "3", "4"]));
        Assert.That((int)first["@odata.count"]!, Is.EqualTo(7));
        Assert.That(second["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["5"]));
        Assert.That(second.ContainsKey("@odata.nextLink"), Is.False);
        Assert.That(ids["value"]!.AsArray(), Has.Count.EqualTo(7));
    }

    [Test]
    public async Task Refuses_more_references_than_a_page_has()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        for (int number = 0; number < 101; number++)
        {
            await PutAsync(writer, $"{number}", 0);
        }

        await (await writer.GetAsync("/trustFramework?$expand=keySets/$ref"))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", "$expand");
    }

    [Test]
    public async Task Gives_no_link_that_it_would_refuse()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        await PutAsync(writer, "a", 0);
        await PutAsync(writer, "b", 0);

        // A letter of two bytes in the body takes six characters in a URL, and a token holds the values by which the
        // sets are ordered.
        string letters = new('é', 3000);
        StringContent query = new($"$filter=id ne '{letters}'&$top=2", Encoding.UTF8, "text/plain");
        HttpResponseMessage ofBody = await writer.SendAsync(
            HttpMethod.Post, $"{HttpExtensions.KeySets}/$query", query, ("Prefer", "maxpagesize=1"));
        string ordered = $"{HttpExtensions.KeySets}?$orderby=concat('{letters[..2000]}',id)";
        HttpResponseMessage ofToken = await writer.GetAsync(ordered, ("Prefer", "maxpagesize=1"));
        string options = string.Concat(Enumerable.Range(0, 64).Select(number => $"&c{number}"));
        JsonObject page = await (await writer.GetAsync(
            $"{HttpExtensions.KeySets}?{options[1..]}", ("Prefer", "maxpagesize=1"))).JsonAsync();

        await ofBody.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
        await ofToken.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
        Assert.That((await writer.GetAsync(ordered)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await writer.GetAsync((string)page["@odata.nextLink"]!)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}

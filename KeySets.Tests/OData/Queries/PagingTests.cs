using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary>The pages of <c>GET /trustFramework/keySets</c>.</summary>
public sealed class PagingTests : ApiTests
{
    [TestCase("$select=id")]
    [TestCase("$orderby=id desc")]
    [TestCase("$orderby=keys/$count desc,id desc")]
    [TestCase("$orderby=keys/$count,tolower(id) desc")]
    [TestCase("$orderby=contains(id,'5') desc")]
    [TestCase("$filter=startswith(id,'stays')&$orderby=substring(id,6) desc")]
    [TestCase("$search=stays")]
    public async Task Neither_repeats_nor_skips_a_set_that_stays_while_others_come_and_go(string query)
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        string[] staying = [.. Enumerable.Range(10, 30).Select(number => $"stays{number}")];
        foreach (string id in staying)
        {
            await PutAsync(writer, id, keys: id[^1] - '0');
        }

        List<string> seen = [];
        int round = 0;
        for (string? url = $"{HttpExtensions.KeySets}?{query}"; url is not null; round++)
        {
            JsonObject page = await (await writer.GetAsync(url, ("Prefer", "maxpagesize=4"))).JsonAsync();
            seen.AddRange(page["value"]!.AsArray().Select(set => (string)set!["id"]!));
            // Add two sets, and remove the last one seen, or an added one if the last one seen must stay.
            await PutAsync(writer, $"a{round}", round % 9);
            await PutAsync(writer, $"stays{round + 10}z", round % 9);
            await writer.DeleteAsync(
                $"{HttpExtensions.KeySets}('{(staying.Contains(seen[^1]) ? $"a{round - 1}" : seen[^1])}')");
            url = (string?)page["@odata.nextLink"];
        }

        Assert.That(seen.Where(staying.Contains).Order(), Is.EqualTo(staying));
        Assert.That(seen, Is.Unique);
        Assert.That(round, Is.GreaterThan(7));
    }

    [Test]
    public async Task Goes_on_after_the_last_set_of_a_page_is_removed()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        foreach (string id in (string[])["a", "b", "c", "d"])
        {
            await PutAsync(writer, id, 0);
        }

        JsonObject first = await (await writer.GetAsync(
            $"{HttpExtensions.KeySets}?$orderby=keys/$count desc", ("Prefer", "maxpagesize=2"))).JsonAsync();
        await writer.DeleteAsync($"{HttpExtensions.KeySets}('b')");
        JsonObject second = await (await writer.GetAsync((string)first["@odata.nextLink"]!)).JsonAsync();

        Assert.That(second["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["c", "d"]));
        Assert.That(second.ContainsKey("@odata.nextLink"), Is.False);
    }

    [Test]
    public async Task Has_the_same_pages_for_the_expanded_collection()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        for (int number = 100; number < 205; number++)
        {
            await PutAsync(writer, $"page{number}", number % 3);
        }

        foreach ((string options, string others) in ((string, string)[])
            [
                ("$filter=startswith(id,@p)", "&@p='page'"),
                ("$filter=id ne 'a;b)%26c'' '", ""),
                ("$filter=keys/$count($filter=kid eq '1') ge 0;$orderby=keys/$count desc,id desc", ""),
                ("$search=\"page\" NOT 101;$select=id", ""),
                ("$select=keys($filter=kid eq '1';$select=kid),id", ""),
                ("select=id;$top=103;$skip=1;$count=true", "&$format=application/json;metadata=none"),
            ])
        {
            string list = await AllAsync(
                writer,
                $"{HttpExtensions.KeySets}?"
                    + options
                        .Replace(";$", "&$", StringComparison.Ordinal)
                        .Replace("kid eq '1'&", "kid eq '1';", StringComparison.Ordinal)
                    + others,
                "value",
                "@odata.nextLink");
            string expanded = await AllAsync(
                writer, $"/trustFramework?$expand=keySets({options}){others}", "keySets", "keySets@odata.nextLink");

            Assert.That(expanded, Is.EqualTo(list), options);
        }
    }

    [Test]
    public async Task Counts_down_top_over_the_pages()
    {
        await using KeySetsApplication application = new();
        HttpClient writer = application.Writer;
        foreach (string id in (string[])["a", "b", "c", "d", "e", "f"])
        {
            await PutAsync(writer, id, 0);
        }

        List<string> seen = [];
        for (string? url =
                $"{HttpExtensions.KeySets}?$top=4&$skip=1&custom=a%26b&$format=application/json;metadata=none";
            url is not null;)
        {
            JsonObject page = await (await writer.GetAsync(url, ("Prefer", "maxpagesize=3"))).JsonAsync();
            Assert.That(url, Does.Contain("custom=a%26b"));
            seen.AddRange(page["value"]!.AsArray().Select(set => (string)set!["id"]!));
            url = (string?)page["@odata.nextLink"];
        }

        Assert.That(seen, Is.EqualTo(["b", "c", "d", "e"]));
    }

    [TestCase("")]
    [TestCase("x")]
    [TestCase("!")]
    [TestCase("e30")]
    [TestCase("WzFd")]
    [TestCase("W10")]
    [TestCase("WyJhIiwiYiJd")]
    [TestCase("W251bGxd")]
    public async Task Refuses_a_token_that_it_did_not_issue(string token) =>
        await (await Writer.GetAsync($"{HttpExtensions.KeySets}?$skiptoken={token}"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$skiptoken");

    [Test]
    public async Task Refuses_a_token_of_another_order()
    {
        string token = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("""["text","id"]"""));

        await (await Writer.GetAsync($"{HttpExtensions.KeySets}?$orderby=keys/$count&$skiptoken={token}"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$skiptoken");
    }

    /// <summary>All elements of a collection, from all of its pages.</summary>
    private static async Task<string> AllAsync(HttpClient client, string url, string collection, string link)
    {
        List<string> elements = [];
        for (string? next = url; next is not null; link = "@odata.nextLink", collection = "value")
        {
            HttpResponseMessage response = await client.GetAsync(next);
            Assert.That(
                response.StatusCode,
                Is.EqualTo(HttpStatusCode.OK),
                $"{next}\n{await response.Content.ReadAsStringAsync()}");
            JsonObject page = await response.JsonAsync();
            elements.AddRange(page[collection]!.AsArray().Select(element => element!.ToJsonString()));
            next = (string?)page[link];
        }

        Assert.That(elements, Has.Count.GreaterThan(100));
        return string.Join('\n', elements);
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient writer, string id, int keys)
    {
        JsonArray array =
            [.. Enumerable.Range(0, keys).Select(number => new JsonObject { ["kty"] = "EC", ["kid"] = $"{number}" })];
        return writer.SendAsync(
            HttpMethod.Put,
            $"{HttpExtensions.KeySets}('{id}')",
            new StringContent($$"""{"keys":{{array.ToJsonString()}}}""", Encoding.UTF8, "application/json"));
    }
}

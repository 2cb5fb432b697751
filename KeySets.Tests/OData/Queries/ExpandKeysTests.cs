using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary><c>$expand=keys_v2</c>: sets together with their keys as entities.</summary>
public sealed class ExpandKeysTests : OperationTests
{
    [SetUp]
    public async Task AddKeys()
    {
        await PutKeysAsync(
            new JsonObject { ["kty"] = "EC", ["kid"] = "1", ["k"] = "secret", ["d"] = "secret" },
            new JsonObject { ["kty"] = "EC", ["kid"] = "2" });
        await DisableAsync("2");
    }

    [TestCase("$expand=keys_v2")]
    [TestCase("expand=keys_v2")]
    [TestCase("$expand=*")]
    [TestCase("$expand=keys_v2($select=kid,status)")]
    [TestCase("$expand=keys_v2&$select=id")]
    [TestCase("$select=keys_v2&$expand=keys_v2")]
    public async Task Shows_the_keys_of_a_set_with_their_status(string query)
    {
        JsonObject set = await (await Writer.GetAsync($"{Set}?{query}")).JsonAsync();

        Assert.That(
            set["keys_v2"]!.AsArray().Select(key => Members(key!, "kid", "status")),
            Is.EqualTo(["1 enabled", "2 disabled"]));
        Assert.That(set.ToJsonString(), Does.Not.Contain("secret"));
        Assert.That((string?)set["keys_v2"]![0]!["@odata.etag"], Is.EqualTo((string?)set["@odata.etag"]));
    }

    [TestCase("$filter=status eq 'disabled'", "2")]
    [TestCase("$filter=kid eq @k&@k='2'", "2")]
    [TestCase("$filter=kid eq @k;@k='2'", "2")]
    [TestCase("filter=kid IN ('2') AND tRUe", "2")]
    [TestCase("$filter=$this/kid eq '2'", "2")]
    [TestCase("$orderby=kid desc", "2 1")]
    [TestCase("$orderby=status desc;$top=1", "2")]
    [TestCase("$top=1", "1")]
    [TestCase("$skip=1", "2")]
    [TestCase("$top=0", "")]
    [TestCase("$search=2", "2")]
    [TestCase("$search=NOT 2", "1")]
    [TestCase("$search=ec", "1 2")]
    public async Task Filters_orders_and_limits_the_entities_and_leaves_the_keys_alone(string options, string kids)
    {
        string[] parts = options.Split('&', 2);
        string query = $"$expand=keys_v2({parts[0]}){(parts.Length > 1 ? $"&{parts[1]}" : "")}";
        JsonObject set = await (await Writer.GetAsync($"{Set}?{query}")).JsonAsync();

        Assert.That(set["keys_v2"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo(
            kids.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(set["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo(["1", "2"]));
        Assert.That((string?)set["keys_v2"]!.AsArray().FirstOrDefault()?["@odata.etag"] ?? (string?)set["@odata.etag"],
            Is.EqualTo((string?)set["@odata.etag"]));
    }

    [TestCase("keys_v2($count=true;$top=1)", "@odata.count", 2)]
    [TestCase("keys_v2($count=TRUE;$filter=kid eq '1')", "@odata.count", 1)]
    [TestCase("keys_v2($count=true;$top=0)", "@odata.count", 2)]
    [TestCase("keys_v2/$count", "@odata.count", 2)]
    [TestCase("keys_v2/$count($filter=status eq 'disabled')", "@odata.count", 1)]
    [TestCase("keys_v2/$count($search=2)", "@odata.count", 1)]
    public async Task Counts_the_entities(string expand, string annotation, int count)
    {
        JsonObject set = await (await Writer.GetAsync($"{Set}?$expand={expand}")).JsonAsync();

        Assert.That((int?)set[$"keys_v2{annotation}"], Is.EqualTo(count));
        Assert.That(set.ContainsKey("keys_v2"), Is.EqualTo(!expand.Contains("/$count", StringComparison.Ordinal)));
        Assert.That(set["keys"]!.AsArray(), Has.Count.EqualTo(2));
    }

    [TestCase("full", "4.0", "keys_v2@odata.count")]
    [TestCase("minimal", "4.0", "keys_v2@odata.count")]
    [TestCase("none", "4.0", "keys_v2@odata.count")]
    [TestCase("minimal", "4.01", "keys_v2@count")]
    public async Task Writes_a_count_in_each_format(string metadata, string version, string name)
    {
        JsonObject set = await (await Writer.GetAsync(
            $"{Set}?$expand=keys_v2/$count&$select=id&$format=application/json;odata.metadata={metadata}",
            ("OData-MaxVersion", version))).JsonAsync();

        Assert.That((int?)set[name], Is.EqualTo(2));
        Assert.That(set.Select(member => member.Key).Where(key => key.StartsWith("keys_v2", StringComparison.Ordinal)
            && !key.EndsWith("Link", StringComparison.Ordinal)), Is.EqualTo([name]));
    }

    [TestCase("keySets($filter=id eq '{0}';$select=id;$expand=keys_v2($select=kid;$filter=status eq 'disabled'))", "2")]
    [TestCase("keySets($search={0};$expand=keys_v2($orderby=kid desc))", "2 1")]
    public async Task Is_part_of_the_expansion_of_the_sets(string expand, string kids)
    {
        JsonObject root = await (await Writer.GetAsync(
            $"/trustFramework?$expand={expand.Replace("{0}", Id, StringComparison.Ordinal)}")).JsonAsync();

        Assert.That(
            root["keySets"]!.AsArray().Single()!["keys_v2"]!.AsArray().Select(key => (string?)key!["kid"]),
            Is.EqualTo(kids.Split(' ')));
    }

    [Test]
    public async Task Shows_the_keys_of_each_set_of_a_page()
    {
        string first = Id;
        await CreateSet();
        JsonArray sets = (await (await Writer.GetAsync(
            $"{HttpExtensions.KeySets}?$filter=id in ('{first}','{Id}')&$orderby=keys/$count&$select=id"
                + "&$expand=keys_v2($select=kid)&$format=application/json;odata.metadata=none"))
            .JsonAsync())["value"]!.AsArray();

        Assert.That(sets.Select(set => set!.ToJsonString()), Is.EqualTo(
            [$$"""{"id":"{{Id}}","keys_v2":[]}""", $$"""{"id":"{{first}}","keys_v2":[{"kid":"1"},{"kid":"2"}]}"""]));
    }

    [Test]
    public async Task Is_part_of_the_link_to_the_next_page()
    {
        await CreateSet();
        JsonObject page = await (await Writer.GetAsync(
            $"{HttpExtensions.KeySets}?$expand=keys_v2($select=kid)&$select=id", ("Prefer", "maxpagesize=1")))
            .JsonAsync();

        JsonObject next = await (await Writer.GetAsync((string?)page["@odata.nextLink"])).JsonAsync();
        Assert.That(next["value"]![0]!["keys_v2"], Is.InstanceOf<JsonArray>());
    }

    [Test]
    public async Task Leaves_entities_out_unless_the_client_asks_for_them() =>
        Assert.That((await (await Writer.GetAsync(Set)).JsonAsync()).ContainsKey("keys_v2"), Is.False);

    [TestCase("$expand=keys_v2($select=kid,d)", 400)]
    [TestCase("$expand=keys_v2($filter=d eq 'secret')", 400)]
    [TestCase("$expand=keys_v2($orderby=k)", 400)]
    [TestCase("$expand=keys_v2($filter=$it/id eq '1')", 501)]
    [TestCase("$expand=keys_v2($filter=status has 'enabled')", 501)]
    [TestCase("$expand=keys_v2($levels=max)", 501)]
    [TestCase("$expand=keys_v2($compute=length(kid) as n)", 501)]
    [TestCase("$expand=keys_v2($search=\"a)", 400)]
    [TestCase("$expand=keys_v2($select=)", 400)]
    [TestCase("$expand=keys_v2($count=maybe)", 400)]
    [TestCase("$expand=keys_v2/$ref", 501)]
    [TestCase("$expand=keys_v2/$count($filter=d eq 'secret')", 400)]
    [TestCase("$expand=keys_v2/$count&$select=keys($top=1)", 501)]
    [TestCase("$expand=keys_v2/microsoft.cpim.api.dataModels.trustFrameworkKey_v2", 501)]
    [TestCase("$expand=keys_v2/microsoft.cpim.api.dataModels.trustFrameworkKey_v2($select=kid)", 501)]
    [TestCase("$expand=keys_v2&$select=keys($top=1)", 501)]
    [TestCase("$expand=keys_v2,keys_v2", 400)]
    [TestCase("$expand=keys_v2($expand=keys)", 400)]
    [TestCase("$expand=keys", 400)]
    [TestCase("$expand=keySets", 400)]
    public async Task Refuses_options_that_it_does_not_support(string query, int status)
    {
        foreach (string url in (string[])[Set, HttpExtensions.KeySets])
        {
            await (await Writer.GetAsync($"{url}?{query}"))
                .AssertErrorAsync((HttpStatusCode)status, status == 400 ? "BadRequest" : "NotImplemented", "$expand");
        }
    }

    [TestCase("/keys?$expand=keys_v2")]
    [TestCase("/keys_v2?$expand=keys_v2")]
    [TestCase("/id?$expand=keys_v2")]
    [TestCase("/getActiveKey?$expand=keys_v2")]
    public async Task Is_for_sets_only(string path) =>
        await (await Writer.GetAsync($"{Set}{path}"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$expand");
}

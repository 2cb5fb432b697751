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
    [TestCase("$expand=keys_v2($filter=kid eq '1')", 501)]
    [TestCase("$expand=keys_v2($orderby=kid)", 501)]
    [TestCase("$expand=keys_v2($top=1)", 501)]
    [TestCase("$expand=keys_v2($count=true)", 501)]
    [TestCase("$expand=keys_v2/$ref", 501)]
    [TestCase("$expand=keys_v2/$count", 501)]
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

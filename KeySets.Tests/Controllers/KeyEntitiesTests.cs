using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>GET /trustFramework/keySets('{id}')/keys_v2</c>: the keys of a set as entities.</summary>
public sealed class KeyEntitiesTests : OperationTests
{
    [SetUp]
    public async Task AddKeys()
    {
        await AddKeyAsync("""{"kid":"1","kty":"RSAx","use":"sig","nbf":10,"k":"secret","d":"secret"}""");
        await AddKeyAsync("""{"kid":"2","kty":"EC","use":"enc","nbf":20}""");
        await AddKeyAsync("""{"kid":"3","kty":"EC","exp":5}""");
        await Writer.SendJsonAsync(HttpMethod.Patch, $"{Set}/keys_v2('2')", """{"status":"disabled"}""");
    }

    [Test]
    public async Task Are_the_keys_of_the_set_in_their_order_with_their_status()
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Set}/keys_v2");

        JsonObject body = await response.JsonAsync();
        string tag = (await Writer.GetAsync(Set)).Header("ETag")!;
        Assert.That(
            (string?)body["@odata.context"],
            Is.EqualTo($"http://localhost/$metadata#trustFramework/keySets('{Id}')/keys_v2"));
        Assert.That(
            body["value"]!.AsArray().Select(key => Members(key!, "kid", "status")),
            Is.EqualTo(["1 enabled", "2 disabled", "3 enabled"]));
        Assert.That(body["value"]![0]!.AsObject().Select(member => member.Key), Is.EqualTo(
            ["@odata.type", "@odata.etag", "x5c", "x5t", "kty", "use", "exp", "nbf", "kid", "e", "n", "status"]));
        Assert.That(
            (string?)body["value"]![0]!["@odata.type"],
            Is.EqualTo("#microsoft.cpim.api.dataModels.trustFrameworkKey_v2"));
        Assert.That(
            body["value"]!.AsArray().Select(key => (string?)key!["@odata.etag"]),
            Is.All.EqualTo(tag),
            "a key has the ETag of its set");
        Assert.That(response.Header("ETag"), Is.EqualTo(tag));
    }

    [TestCase("?$filter=status eq 'disabled'", "2")]
    [TestCase("?$filter=status eq microsoft.cpim.api.dataModels.trustFrameworkKeyStatus'enabled'", "1 3")]
    [TestCase("?$filter='enabled' eq status", "1 3")]
    [TestCase("?$filter=status ne 'enabled' or nbf eq 10", "1 2")]
    [TestCase("?$filter=status in ('disabled','unknownFutureValue')", "2")]
    [TestCase("?$filter=not (status in ('disabled'))", "1 3")]
    [TestCase("?$filter=status eq 'unknownFutureValue'", "")]
    [TestCase("?$filter=kty eq 'EC' and status eq 'enabled'", "3")]
    [TestCase("?$filter=contains(kid,@k)&@k='2'", "2")]
    [TestCase("?$orderby=status desc,kid desc", "2 3 1")]
    [TestCase("?$orderby=nbf", "3 1 2")]
    [TestCase("?$top=1&$skip=1", "2")]
    [TestCase("?$orderby=kid desc&$top=1", "3")]
    public async Task Can_be_filtered_ordered_and_limited(string query, string kids) =>
        Assert.That(await ListAsync(query), Is.EqualTo(kids));

    [TestCase("/$count", "3")]
    [TestCase("/$count?$filter=status eq 'enabled'", "2")]
    public async Task Can_be_counted(string path, string count) =>
        Assert.That(await Writer.GetStringAsync($"{Set}/keys_v2{path}"), Is.EqualTo(count));

    [Test]
    public async Task Are_counted_along_with_a_page()
    {
        JsonObject body = await (await Writer.GetAsync(
            $"{Set}/keys_v2?$count=true&$top=1&$select=kid&$filter=status eq 'enabled'")).JsonAsync();

        Assert.That((int?)body["@odata.count"], Is.EqualTo(2));
        Assert.That(
            body["value"]![0]!.AsObject().Select(member => member.Key),
            Is.EqualTo(["@odata.type", "@odata.etag", "kid"]));
    }

    [TestCase("keys_v2/any(k:k/status eq 'disabled')", true)]
    [TestCase("keys_v2/any(k:k/status eq 'disabled' and k/kid eq '1')", false)]
    [TestCase("keys_v2/all(k:k/status eq 'enabled')", false)]
    [TestCase("keys_v2/all(k:k/status in ('enabled','disabled'))", true)]
    [TestCase("keys_v2/$count eq 3", true)]
    [TestCase("keys_v2/$count($filter=status eq 'enabled') eq 2", true)]
    [TestCase("keys_v2/$count($filter=status eq @s) eq 1&@s='disabled'", true)]
    [TestCase("keys_v2/any(k:k/status eq @s)&@s='disabled'", true)]
    [TestCase("keys_v2/any(k:k/status in @s)&@s=['disabled']", true)]
    [TestCase("keys_v2/any()", true)]
    [TestCase("not keys_v2/any()", false)]
    [TestCase("keys/any(k:k/kid eq '1') and keys_v2/any(k:k/status eq 'disabled')", true)]
    public async Task Can_be_used_to_filter_sets(string filter, bool isFound)
    {
        JsonObject body =
            await (await Writer.GetAsync($"{HttpExtensions.KeySets}?$filter=id eq '{Id}' and {filter}")).JsonAsync();

        Assert.That(body["value"]!.AsArray().Select(set => (string?)set!["id"]), isFound ? Is.EqualTo([Id]) : Is.Empty);
    }

    [TestCase("/keys_v2?$filter=d eq 'secret'", 400, "$filter")]
    [TestCase("/keys_v2?$orderby=k", 400, "$orderby")]
    [TestCase("/keys_v2?$select=kid,qi", 400, "$select")]
    [TestCase("/keys_v2('1')?$select=d", 400, "$select")]
    [TestCase("?$filter=keys_v2/any(k:k/d eq 'secret')", 400, "$filter")]
    [TestCase("/keys_v2?$filter=status eq 'on'", 400, "$filter")]
    [TestCase("/keys_v2?$filter=status has 'enabled'", 501, "$filter")]
    [TestCase("/keys_v2('1')?$filter=kid eq '1'", 400, "$filter")]
    [TestCase("/keys?$filter=status eq 'enabled'", 400, "$filter")]
    [TestCase("?$filter=keys_v2/any(k:k/status lt 'disabled')", 501, "$filter")]
    [TestCase("?$filter=keys/any(k:keys_v2/any(l:l/kid eq k/kid))", 400, "$filter")]
    [TestCase("?$filter=keys/any(k:keys_v2/$count gt 1)", 400, "$filter")]
    public async Task Refuse_queries_for_private_members_and_unsupported_queries(string path, int status, string target)
    {
        string url = path.StartsWith('/') ? $"{Set}{path}" : $"{HttpExtensions.KeySets}{path}";

        await (await Writer.GetAsync(url))
            .AssertErrorAsync((HttpStatusCode)status, status == 400 ? "BadRequest" : "NotImplemented", target);
    }

    [TestCase("keys_v2('2')")]
    [TestCase("keys_v2/2")]
    [TestCase("keys_v2(kid='2')")]
    [TestCase("keys_v2(@k)?@k='2'")]
    public async Task Are_read_one_by_one(string path)
    {
        JsonObject key = await (await Writer.GetAsync($"{Set}/{path}")).JsonAsync();

        Assert.That(
            (string?)key["@odata.context"],
            Is.EqualTo($"http://localhost/$metadata#trustFramework/keySets('{Id}')/keys_v2/$entity"));
        Assert.That(Members(key, "kid", "kty", "use", "nbf", "status"), Is.EqualTo("2 EC enc 20 disabled"));
    }

    [TestCase("/keys_v2")]
    [TestCase("/keys_v2('2')")]
    public async Task Are_not_sent_again_to_a_client_that_has_them(string path)
    {
        string tag = (await Writer.GetAsync($"{Set}{path}")).Header("ETag")!;

        Assert.That(
            (await Writer.GetAsync($"{Set}{path}", ("If-None-Match", tag))).StatusCode,
            Is.EqualTo(HttpStatusCode.NotModified));
        await AddKeyAsync("""{"kid":"4","kty":"EC"}""");
        Assert.That(
            (await Writer.GetAsync($"{Set}{path}", ("If-None-Match", tag))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Say_whether_the_key_or_the_set_is_missing()
    {
        await (await Writer.GetAsync($"{Set}/keys_v2('9')"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound", "kid");
        await (await Writer.GetAsync($"{HttpExtensions.KeySets}/none/keys_v2('1')"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
        await (await Writer.GetAsync($"{HttpExtensions.KeySets}/none/keys_v2"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");
    }

    [Test]
    public async Task Cannot_be_added_or_replaced_at_their_url()
    {
        await (await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys_v2", """{"kid":"4"}"""))
            .AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        await (await Writer.SendJsonAsync(HttpMethod.Put, $"{Set}/keys_v2('1')", """{"kid":"1"}"""))
            .AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        await (await Writer.DeleteAsync($"{Set}/keys_v2"))
            .AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
    }

    [TestCase("/keys_v2?$select=status")]
    [TestCase("/keys_v2('2')?$select=status")]
    [TestCase("/keys_v2('2')")]
    public async Task Have_links_whatever_the_client_selects(string path)
    {
        char separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        JsonObject body = await (await Writer.GetAsync(
            $"{Set}{path}{separator}$format=application/json;odata.metadata=full")).JsonAsync();

        JsonNode key = body["value"] is JsonArray list ? list[1]! : body;
        Assert.That((string?)key["@odata.id"], Is.EqualTo($"trustFramework/keySets('{Id}')/keys_v2('2')"));
        Assert.That((string?)key["status"], Is.EqualTo("disabled"));
    }

    private async Task AddKeyAsync(string key) =>
        Assert.That(
            (await Writer.SendJsonAsync(HttpMethod.Post, $"{Set}/keys", key)).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));

    private async Task<string> ListAsync(string query)
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Set}/keys_v2{query}");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return string.Join(' ', (await response.JsonAsync())["value"]!.AsArray().Select(key => (string?)key!["kid"]));
    }
}

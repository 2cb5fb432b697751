using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Sections B and C: context URLs and addressing.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class AddressingTests(string root) : ConformanceTests(root)
{
    [Row("B1")]
    [TestCase("/trustFramework", "")]
    [Row("B2")]
    [TestCase("/trustFramework/keySets", "/keySets")]
    [Row("B3")]
    [TestCase("/trustFramework/keySets('set1')", "/keySets/$entity")]
    [Row("B4")]
    [TestCase("/trustFramework/keySets('set1')/keys", "/keySets('set1')/keys")]
    [Row("B5")]
    [TestCase("/trustFramework/keySets('set1')/id", "/keySets('set1')/id")]
    [Row("B6")]
    [TestCase("/trustFramework/keySets?$select=id,keys/kid", "/keySets(id,keys/kid)")]
    [TestCase("/trustFramework/keySets/set1?$select=id,keys/kid", "/keySets(id,keys/kid)/$entity")]
    [Row("B7")]
    [TestCase("/trustFramework?$expand=keySets", "(keySets())")]
    public async Task Describes_the_answer_in_the_context_URL(string path, string fragment) =>
        Assert.That((string?)(await GetAsync(Root + path))["@odata.context"], Is.EqualTo(Context + fragment));

    [Test]
    [Row("B3")]
    public async Task Describes_a_created_set_as_an_entity_in_the_context_URL()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, K, """{"id":"context"}""");

        Assert.That((string?)(await response.JsonAsync())["@odata.context"], Is.EqualTo($"{Context}/keySets/$entity"));
        await Writer.DeleteAsync($"{K}('context')");
    }

    [Test]
    [Row("C1")]
    public async Task Lists_and_creates_at_the_collection()
    {
        HttpResponseMessage created = await SendAsync(HttpMethod.Post, K, """{"id":"zzz"}""");

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await IdsAsync("$select=id"), Is.EqualTo("Empty oct1 set1 set2 set3 set4 set5 zzz"));
        await Writer.DeleteAsync(created.Headers.Location);
    }

    [Row("C2")]
    [TestCase("('set1')")]
    [TestCase("(id='set1')")]
    [TestCase("(%27set1%27)")]
    [Row("C3")]
    [TestCase("/set1")]
    [TestCase("/set1/")]
    [Row("C13")]
    [TestCase("(@k)?@k='set1'")]
    [TestCase("(id=@k)?@k='set1'")]
    [TestCase("(@k)?@k=%27set1%27&$select=id")]
    public async Task Finds_a_set_by_its_key(string key) =>
        Assert.That((string?)(await GetAsync(K + key))["id"], Is.EqualTo("set1"));

    [Row("C4")]
    [TestCase("('O''Neil')")]
    [TestCase("('a%2Fb')")]
    [TestCase("(%27O%27%27Neil%27)")]
    [TestCase("/O'Neil")]
    [TestCase("/a%2Fb")]
    [Row("C10")]
    [TestCase("('nope')")]
    [TestCase("/nope")]
    [TestCase("('SET1')")]
    [TestCase("('nope')/keys")]
    [TestCase("('nope')/id")]
    [TestCase("('nope')/id/$value")]
    [TestCase("('nope')/keys/$count")]
    public async Task Says_that_there_is_no_such_set(string key) =>
        await (await Writer.GetAsync(K + key)).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");

    [Row("C4")]
    [TestCase("('a','b')")]
    [TestCase("(kid='set1')")]
    [TestCase("(set1)")]
    [TestCase("(5)")]
    [TestCase("()")]
    [TestCase("('set1')('set1')")]
    [TestCase("('set1')/nothing")]
    [TestCase("('set1')/keys/kid")]
    public async Task Says_that_a_URL_does_not_exist(string key) =>
        await (await Writer.GetAsync(K + key)).AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");

    [Test]
    [Row("C5")]
    public async Task Reads_the_properties_of_a_set()
    {
        JsonObject keys = await GetAsync($"{K}('set1')/keys");
        JsonObject id = await GetAsync($"{K}/set1/id");
        HttpResponseMessage value = await Writer.GetAsync($"{K}('set1')/id/$value");

        Assert.That(keys["value"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo(["a1", "b1"]));
        Assert.That((string?)id["value"], Is.EqualTo("set1"));
        Assert.That(value.Header("Content-Type"), Is.EqualTo("text/plain"));
        Assert.That(await value.Content.ReadAsStringAsync(), Is.EqualTo("set1"));
    }

    [Test]
    [Row("C5")]
    public async Task Reads_the_id_of_the_singleton()
    {
        Assert.That((string?)(await GetAsync($"{Root}/trustFramework/id"))["value"], Is.EqualTo("trustFramework"));
        Assert.That(await Writer.GetStringAsync($"{Root}/trustFramework/id/$value"), Is.EqualTo("trustFramework"));
    }

    [Row("C5")]
    [TestCase("/trustFramework/id?$select=id", "$select")]
    [TestCase("/trustFramework/keySets('set1')/id?$select=id", "$select")]
    [TestCase("/trustFramework/keySets('set1')/id/$value?$filter=true", "$filter")]
    [TestCase("/trustFramework/keySets('set1')?$filter=true", "$filter")]
    [TestCase("/trustFramework/keySets('set1')?$search=x", "$search")]
    [TestCase("/trustFramework/keySets('set1')/keys?$expand=x", "$expand")]
    [TestCase("/trustFramework/keySets/$count?$top=1", "$top")]
    [TestCase("/trustFramework?$filter=true", "$filter")]
    public async Task Refuses_options_where_they_have_no_meaning(string path, string option) =>
        await (await Writer.GetAsync(Root + path)).AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", option);

    [Row("C6")]
    [TestCase("/$count", "7")]
    [TestCase("('set1')/keys/$count", "2")]
    [TestCase("/set1/keys/$count", "2")]
    [TestCase("('Empty')/keys/$count", "0")]
    [Row("C7")]
    [TestCase("/$count?$filter=startswith(id,'set')", "5")]
    [TestCase("/$count?$search=oct", "1")]
    [TestCase("/$count?$filter=keys/any()&$search=NOT oct", "5")]
    [TestCase("/set1/keys/$count?$filter=use eq 'sig'", "1")]
    public async Task Counts(string path, string count)
    {
        HttpResponseMessage response = await Writer.GetAsync(K + path);

        Assert.That(response.Header("Content-Type"), Is.EqualTo("text/plain"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(Encoding.ASCII.GetBytes(count)));
    }

    [Row("C8")]
    [TestCase("/trustFramework/keySets/$filter(id eq 'set1')")]
    [TestCase("/trustFramework/keySets/$each")]
    [TestCase("/trustFramework/keySets('set1')/keys/$filter(kid eq 'a1')/$count")]
    [TestCase("/$all")]
    [TestCase("/$crossjoin(trustFramework)")]
    [TestCase("/$entity?$id=trustFramework")]
    [TestCase("/trustFramework/keySets/$it")]
    [Row("C12")]
    [TestCase("/trustFramework/keySets/$ref")]
    [TestCase("/trustFramework/keySets('set1')/$ref")]
    public async Task Says_that_it_does_not_support_an_address(string path) =>
        await (await Writer.GetAsync(Root + path)).AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented");

    [Test]
    [Row("C12")]
    public async Task Adds_no_references() =>
        await (await SendAsync(HttpMethod.Post, $"{K}/$ref", """{"@odata.id":"x"}"""))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented");

    [Row("C5")]
    [TestCase("GET", "/?$filter=true", "$filter")]
    [TestCase("GET", "/$metadata?top=1", "$top")]
    [TestCase("POST", "/$batch?$top=1", "$top")]
    public async Task Refuses_options_of_metadata_and_batches(
        string method, string path, string option) =>
        await (await Writer.SendAsync(new HttpMethod(method), Root + path))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", option);

    [Row("C11")]
    [TestCase("DELETE", "/trustFramework/keySets", "GET, HEAD, POST")]
    [TestCase("PUT", "/$metadata", "GET, HEAD")]
    public async Task Says_which_methods_it_allows(string method, string path, string allowed)
    {
        HttpResponseMessage response = await Writer.SendAsync(new HttpMethod(method), Root + path);

        await response.AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        Assert.That(string.Join(", ", response.Content.Headers.Allow), Is.EqualTo(allowed));
    }
}

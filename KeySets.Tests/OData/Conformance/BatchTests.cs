using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section G: <c>POST /$batch</c>.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class BatchTests(string root) : ConformanceTests(root)
{
    private const string Sets = "trustFramework/keySets";

    [TearDown]
    public async Task Remove()
    {
        await Writer.DeleteAsync($"{K}('new')");
        await Writer.DeleteAsync($"{K}('newer')");
    }

    [Test]
    [Row("G1")]
    public async Task Runs_a_batch_in_multipart()
    {
        (int[] statuses, string text) = await Writer.BatchAsync(
            Root,
            [
                Part("GET", $"{Sets}('set1')?$select=id"),
                ChangeSet(Part("PUT", $"{Sets}('new')", "{}", "1")),
                Part("GET", $"{Sets}/$count"),
            ]);

        Assert.That(statuses, Is.EqualTo([200, 201, 200]));
        Assert.That(
            text, Does.Contain($"\"@odata.context\":\"{Context}/keySets(id)/$entity\"").And.Contain("Content-ID: 1"));
        Assert.That(text.TrimEnd().Split('\n')[^2].Trim(), Is.EqualTo("8"));
    }

    [Row("G1")]
    [TestCase("changes ")]
    [TestCase("changes\t ")]
    [TestCase("\"changes\" ")]
    [TestCase("changes ; charset=utf-8")]
    public async Task Runs_a_change_set_whose_boundary_has_white_space_after_it(string boundary)
    {
        string changes = ChangeSet(Part("PUT", $"{Sets}('new')", "{}", "1"))
            .Replace("boundary=changes", $"boundary={boundary}", StringComparison.Ordinal);

        (int[] statuses, _) = await Writer.BatchAsync(Root, [changes]);

        Assert.That(statuses, Is.EqualTo([201]));
    }

    [Test]
    [Row("G2")]
    public async Task Runs_a_batch_in_JSON()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("read", "GET", $"{Sets}('set1')?$select=id"),
            Request("write", "PUT", $"{Sets}/new", "{}"),
            Request("count", "GET", $"{Sets}/$count"),
            Request("rooted", "get", $"{K}/new"),
            Request("absolute", "GET", $"http://localhost{K}(%27new%27)/id"),
            Request("model", "GET", "$metadata"),
        ]);

        Assert.That(answers.Keys, Is.EqualTo(["read", "write", "count", "rooted", "absolute", "model"]));
        Assert.That(
            answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 201, 200, 200, 200, 200]));
        Assert.That((string?)answers["read"]["body"]!["@odata.context"], Is.EqualTo($"{Context}/keySets(id)/$entity"));
        Assert.That((string?)answers["write"]["headers"]!["location"], Is.EqualTo($"http://localhost{K}('new')"));
        Assert.That((string?)answers["write"]["headers"]!["odata-version"], Is.EqualTo("4.0"));
        Assert.That((string?)answers["count"]["body"], Is.EqualTo("8"));
        Assert.That(
            Encoding.UTF8.GetString(Base64Url.DecodeFromChars((string)answers["model"]["body"]!)),
            Does.StartWith("<?xml"));
    }

    [Row("G2")]
    [TestCase("*/*", "application/json")]
    [TestCase("application/json", "application/json")]
    [TestCase("multipart/mixed", "multipart/mixed")]
    [TestCase("application/json;q=0.1, multipart/*", "multipart/mixed")]
    public async Task Answers_in_the_format_that_the_client_accepts(string accept, string contentType)
    {
        StringContent batch = new(
            """{"requests":[{"id":"1","method":"GET","url":"trustFramework/keySets/$count"}]}""",
            Encoding.UTF8,
            "application/json");

        HttpResponseMessage response = await Writer.SendAsync(
            HttpMethod.Post, $"{Root}/$batch", batch, ("Accept", accept));

        Assert.That(response.Header("Content-Type"), Does.StartWith(contentType));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("200").And.Contain("text/plain"));
    }

    [Test]
    [Row("G3")]
    public async Task Undoes_a_change_set_if_one_request_fails()
    {
        (int[] statuses, string text) = await Writer.BatchAsync(Root,
        [
            ChangeSet(
                Part("POST", Sets, """{"id":"new"}""", "1"),
                Part("DELETE", $"{Sets}('set1')", null, "2"),
                Part("POST", Sets, """{"id":"set2"}""", "3")),
        ]);

        Assert.That(statuses, Is.EqualTo([409]));
        Assert.That(text, Does.Contain("AADB2C95028"));
        Assert.That((await Writer.GetAsync($"{K}('new')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Writer.GetAsync($"{K}('set1')")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    [Row("G2")]
    public async Task Reads_a_batch_with_annotations_and_a_byte_order_mark()
    {
        HttpResponseMessage response = await Writer.PostBatchAsync(
            Root,
            """{"@my.note":{},"requests":[{"id":"1","@my.note":1,"method":"GET","url":"$metadata"}]}""".Insert(
                0, "\ufeff"),
            "application/json");

        Assert.That((int)(await response.JsonAsync())["responses"]![0]!["status"]!, Is.EqualTo(200));
    }

    [Test]
    [Row("G2")]
    public async Task Gives_every_answer_in_JSON_an_id()
    {
        StringContent batch = new($"--b\n{Part("GET", "$metadata")}\n--b--".ReplaceLineEndings("\r\n"), Encoding.UTF8);
        batch.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed;boundary=b");

        HttpResponseMessage response = await Writer.SendAsync(
            HttpMethod.Post, $"{Root}/$batch", batch, ("Accept", "application/json"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That((string?)(await response.JsonAsync())["responses"]![0]!["id"], Is.Not.Null.And.Not.Empty);
    }

    [Test]
    [Row("G2")]
    public async Task Reads_a_text_body_and_members_that_are_null()
    {
        JsonObject query = Request("query", "POST", $"{Sets}/$query");
        query["headers"] = new JsonObject { ["content-type"] = "text/plain" };
        query["body"] = "$filter=id eq 'set1'&$select=id";
        JsonObject nulls = Request("nulls", "GET", $"{Sets}('set1')");
        nulls["body"] = null;
        nulls["headers"] = null;
        nulls["dependsOn"] = null;

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root, [query, nulls]);

        Assert.That(Ids(answers["query"]["body"]!.AsObject()), Is.EqualTo("set1"));
        Assert.That((int)answers["nulls"]["status"]!, Is.EqualTo(200));
    }

    [Test]
    [Row("G6")]
    public async Task Undoes_an_atomicity_group_if_one_request_fails()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("1", "POST", Sets, """{"id":"new"}""", "g"),
            Request("2", "POST", Sets, """{"id":"set1"}""", "g"),
            Request("3", "POST", Sets, """{"id":"newer"}""", "g"),
            Request("4", "GET", $"{Sets}/$count", null, null, "g"),
        ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([424, 409, 424, 424]));
        Assert.That(
            answers.Values.Select(answer => (string?)answer["atomicityGroup"]), Is.EqualTo(["g", "g", "g", null]));
        Assert.That(answers["1"]["headers"]!["location"], Is.Null);
        Assert.That((await Writer.GetAsync($"{K}('new')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    [Row("G6")]
    public async Task Keeps_an_atomicity_group_that_succeeds()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("1", "POST", Sets, """{"id":"new"}""", "g"),
            Request("2", "PUT", "$1/keys", """{"value":[{"kty":"EC","kid":"a"}]}""", "g", "1"),
        ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([201, 200]));
        Assert.That((string?)(await GetAsync($"{K}('new')"))["keys"]![0]!["kid"], Is.EqualTo("a"));
    }
}

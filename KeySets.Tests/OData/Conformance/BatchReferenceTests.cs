using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section G: requests in a batch that refer to other requests.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class BatchReferenceTests(string root) : ConformanceTests(root)
{
    private const string Sets = "trustFramework/keySets";

    [TearDown]
    public async Task Remove()
    {
        await Writer.DeleteAsync($"{K}('new')");
        await Writer.DeleteAsync($"{K}('newer')");
    }

    [Test]
    [Row("G4")]
    public async Task Finds_a_set_created_in_a_change_set_by_its_content_id()
    {
        (int[] statuses, _) = await Writer.BatchAsync(Root,
        [
            ChangeSet(
                Part("POST", Sets, """{"id":"new"}""", "1"),
                Part("POST", "$1/keys", """{"kty":"EC","kid":"a"}""", "2")),
        ]);

        Assert.That(statuses, Is.EqualTo([201, 200]));
        Assert.That((string?)(await GetAsync($"{K}('new')"))["keys"]![0]!["kid"], Is.EqualTo("a"));
    }

    [Test]
    [Row("G4")]
    public async Task Keeps_the_content_ids_of_change_sets_apart()
    {
        (int[] statuses, _) = await Writer.BatchAsync(Root,
        [
            ChangeSet(
                Part("POST", Sets, """{"id":"new"}""", "1"),
                Part("POST", "$1/keys", """{"kty":"EC","kid":"a"}""", "2")),
            ChangeSet(
                Part("POST", Sets, """{"id":"newer"}""", "1"),
                Part("POST", "$1/keys", """{"kty":"EC","kid":"b"}""", "2")),
            Part("PUT", $"{Sets}('new')", "{}", "1"),
        ]);

        Assert.That(statuses, Is.EqualTo([201, 200, 201, 200, 200]));
        Assert.That((string?)(await GetAsync($"{K}('newer')"))["keys"]![0]!["kid"], Is.EqualTo("b"));
    }

    [Test]
    [Row("G4")]
    public async Task Refers_to_the_successful_request_if_a_failed_one_has_the_same_content_id()
    {
        (int[] statuses, _) = await Writer.BatchAsync(
            Root,
            [
                Part("GET", $"{Sets}('nobody')", null, "1"),
                Part("GET", $"{Sets}('set1')", null, "1"),
                Part("GET", "$1/keys/$count"),
            ],
            "continue-on-error");

        Assert.That(statuses, Is.EqualTo([404, 200, 200]));
    }

    [Test]
    [Row("G4")]
    public async Task Finds_a_created_set_by_the_id_of_the_request()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("a", "POST", Sets, """{"id":"new","keys":[{"kty":"EC","kid":"x"}]}"""),
            Request("b", "GET", "$a/keys/$count", null, null, "a"),
        ]);

        Assert.That((int)answers["b"]["status"]!, Is.EqualTo(200));
    }

    [Test]
    [Row("G4")]
    public async Task Finds_a_changed_set_by_the_id_of_the_request()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("a", "PATCH", $"{Sets}('set1')", "{}"),
            Request("b", "GET", "$a/keys/$count", null, null, "a"),
        ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 200]));
        Assert.That((string?)answers["b"]["body"], Is.EqualTo("2"));
    }

    [Test]
    [Row("G4")]
    public async Task Finds_an_unchanged_set_by_the_id_of_the_request()
    {
        JsonObject unchanged = Request("a", "GET", $"{Sets}('set1')");
        unchanged["headers"] = new JsonObject
        {
            ["If-None-Match"] = (await Writer.GetAsync($"{K}('set1')")).Header("ETag"),
        };

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            Root, [unchanged, Request("b", "GET", "$a/keys/$count", null, null, "a")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([304, 200]));
    }

    [Test]
    [Row("G4")]
    public async Task Finds_the_resources_of_earlier_requests_anywhere_in_multipart()
    {
        (int[] statuses, string text) = await Writer.BatchAsync(Root,
        [
            ChangeSet(Part("POST", Sets, """{"id":"new"}""", "1")),
            Part("GET", "$1?$select=id", null, "2"),
            ChangeSet(Part("POST", "/$2/keys", """{"kty":"EC","kid":"a"}""", "3")),
            Part("get", "$3/$count"),
        ]);

        Assert.That(statuses, Is.EqualTo([201, 200, 200, 200]));
        Assert.That(text, Does.Contain("\"id\":\"new\"}"));
        Assert.That(text.TrimEnd().Split('\n')[^2].Trim(), Is.EqualTo("1"));
    }

    [Test]
    [Row("G4")]
    [Row("G5")]
    public async Task Refuses_references_to_failed_and_later_requests()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("later", "GET", "$created/keys"),
            Request("created", "POST", Sets, """{"id":"new"}""", "g"),
            Request("fails", "POST", Sets, """{"id":"set1"}""", "g"),
            Request("undone", "GET", "$created?$select=id"),
            Request("failed", "GET", "$fails/keys"),
            Request("nobody", "GET", "$nobody"),
            Request("unknown", "GET", "$5/keys"),
        ]);

        Assert.That(
            answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([400, 424, 409, 424, 424, 400, 501]));
    }

    [Test]
    [Row("G5")]
    public async Task Waits_for_the_group_of_a_request_that_another_depends_on()
    {
        foreach (int[] statuses in (int[][])[[201, 200, 200, 200], [409, 424, 424, 424]])
        {
            Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
            [
                Request("1", "POST", Sets, """{"id":"new"}""", "g"),
                Request("2", "POST", "$1/keys", """{"kty":"EC"}""", "g", "1"),
                Request("3", "GET", "$1?$select=id", null, null, "1"),
                Request("4", "GET", "$1/keys/$count", null, null, "2", "g"),
            ]);

            Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo(statuses));
        }
    }

    [TestCase("$metadata")]
    [TestCase("/$metadata")]
    [TestCase("./$metadata")]
    [Row("G1")]
    [Row("G2")]
    public async Task Reads_a_URL_with_a_dollar_that_is_no_reference(string url)
    {
        (int[] statuses, _) = await Writer.BatchAsync(Root, [Part("GET", url)]);
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root, [Request("1", "GET", url)]);

        Assert.That(statuses, Is.EqualTo([200]));
        Assert.That((int)answers["1"]["status"]!, Is.EqualTo(200));
    }

    [TestCase("$metadata")]
    [TestCase("/$metadata")]
    [TestCase("./$metadata")]
    [Row("G4")]
    public async Task Does_not_treat_the_name_of_a_resource_as_a_reference(string url)
    {
        (int[] statuses, string text) = await Writer.BatchAsync(
            Root, [Part("GET", $"{Sets}('set1')", null, "metadata"), Part("GET", url)]);
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            Root,
            [Request("metadata", "GET", $"{Sets}('set1')"), Request("model", "GET", url, null, null, "metadata")]);

        Assert.That(statuses, Is.EqualTo([200, 200]));
        Assert.That(text, Does.Contain("<?xml"));
        Assert.That((string?)answers["model"]["headers"]!["content-type"], Is.EqualTo("application/xml"));
    }

    [Test]
    [Row("G5")]
    public async Task Does_not_run_requests_that_depend_on_a_failed_one()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(Root,
        [
            Request("fails", "POST", Sets, """{"id":"set1"}"""),
            Request("waits", "POST", Sets, """{"id":"new"}""", null, "fails"),
            Request("waits too", "POST", Sets, """{"id":"newer"}""", null, "waits"),
            Request("goes on", "GET", $"{Sets}/$count"),
        ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([409, 424, 424, 200]));
        Assert.That((string?)answers["waits"]["body"]!["error"]!["code"], Is.EqualTo("FailedDependency"));
        Assert.That((await Writer.GetAsync($"{K}('new')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}

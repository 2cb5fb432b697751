using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section G: the batches that <c>POST /$batch</c> refuses, and when it stops.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class BatchRefusalTests(string root) : ConformanceTests(root)
{
    private const string Sets = "trustFramework/keySets";

    [Row("G8")]
    [TestCase("text/plain")]
    [TestCase("application/json;q=0, multipart/mixed;q=0")]
    public async Task Runs_nothing_for_a_client_that_cannot_read_the_answer(string accept)
    {
        StringContent batch = new(
            """{"requests":[{"id":"1","method":"POST","url":"trustFramework/keySets","body":{"id":"new"}}]}""",
            Encoding.UTF8,
            "application/json");

        await (await Writer.SendAsync(HttpMethod.Post, $"{Root}/$batch", batch, ("Accept", accept)))
            .AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
        Assert.That((await Writer.GetAsync($"{K}('new')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Row("G7")]
    [TestCase(null, 2)]
    [TestCase("continue-on-error", 2)]
    [TestCase("continue-on-error=true", 2)]
    [TestCase("continue-on-error=false", 1)]
    [TestCase("odata.continue-on-error=false", 1)]
    public async Task Goes_on_after_an_error_in_JSON_unless_told_otherwise(string? prefer, int answered)
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            Root, [Request("1", "GET", $"{Sets}('nobody')"), Request("2", "GET", $"{Sets}/$count")], prefer);

        Assert.That(answers, Has.Count.EqualTo(answered));
    }

    [Row("G7")]
    [TestCase(null, 1)]
    [TestCase("continue-on-error", 2)]
    [TestCase("odata.continue-on-error", 2)]
    [TestCase("continue-on-error=false", 1)]
    public async Task Stops_after_an_error_in_multipart_unless_told_otherwise(string? prefer, int answered)
    {
        (int[] statuses, _) = await Writer.BatchAsync(
            Root, [Part("GET", $"{Sets}('nobody')"), Part("GET", $"{Sets}/$count")], prefer);

        Assert.That(statuses, Has.Length.EqualTo(answered));
    }

    [Row("G7")]
    [TestCase("continue-on-error", "continue-on-error")]
    [TestCase("odata.continue-on-error=false", "odata.continue-on-error=false")]
    [TestCase("continue-on-error=true", "continue-on-error")]
    public async Task Says_whether_it_goes_on(string prefer, string applied)
    {
        HttpResponseMessage response = await Writer.PostBatchAsync(
            Root, """{"requests":[{"id":"1","method":"GET","url":"$metadata"}]}""", "application/json", prefer);

        Assert.That(response.Header("Preference-Applied"), Is.EqualTo(applied));
    }

    [Test]
    [Row("G8")]
    public async Task Does_not_support_conditions() =>
        await (await Writer.PostBatchAsync(
            Root, """{"requests":[{"id":"1","method":"GET","url":"$metadata","if":"true"}]}""", "application/json"))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", "if");

    [Row("G8")]
    [TestCase("application/json", "")]
    [TestCase("application/json", "{")]
    [TestCase("application/json", "[]")]
    [TestCase("application/json", "{}")]
    [TestCase("application/json", """{"requests":{}}""")]
    [TestCase("application/json", """{"requests":[]}""")]
    [TestCase("application/json", """{"requests":[null]}""")]
    [TestCase("application/json", """{"requests":[{"id":"1"}]}""")]
    [TestCase("application/json", """{"requests":[{"id":"1","method":"GET"}]}""")]
    [TestCase(
        "multipart/mixed;boundary=b",
        "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
            + "BREW $metadata HTTP/1.1\r\n\r\n\r\n--b--")]
    [TestCase("multipart/mixed;boundary=b", "")]
    [TestCase("multipart/mixed;boundary=b", "nothing of the kind")]
    [TestCase("multipart/mixed;boundary=b", "--b--")]
    [TestCase("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/http\r\n\r\nGET")]
    [TestCase("multipart/mixed;boundary=b", "--b\r\nContent-Type: text/plain\r\n\r\nGET / HTTP/1.1\r\n\r\n--b--")]
    public async Task Refuses_a_batch_that_is_malformed(string contentType, string body) =>
        await (await Writer.PostBatchAsync(Root, body, contentType))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");

    [Row("G8")]
    [TestCase("")]
    [TestCase("--changes--\r\n")]
    [TestCase("--b--\r\n")]
    public async Task Runs_nothing_of_a_batch_that_is_cut_off(string end)
    {
        string changes = $"--changes\r\n{Part("PUT", $"{Sets}('cut')", "{}", "1").ReplaceLineEndings("\r\n")}\r\n";

        await (await Writer.PostBatchAsync(
            Root,
            $"--b\r\nContent-Type: multipart/mixed; boundary=\"changes\"\r\n\r\n{changes}{end}",
            "multipart/mixed;boundary=b"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
        Assert.That((await Writer.GetAsync($"{K}('cut')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    [Row("G8")]
    public async Task Runs_nothing_of_a_batch_whose_second_change_set_is_cut_off()
    {
        string changes = $"--b\n{ChangeSet(Part("PUT", $"{Sets}('cut')", "{}", "1"))}".ReplaceLineEndings("\r\n");
        string cut = changes[..changes.LastIndexOf("--changes--", StringComparison.Ordinal)];

        await (await Writer.PostBatchAsync(Root, $"{changes}{cut}--b--\r\n", "multipart/mixed;boundary=b"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
        Assert.That((await Writer.GetAsync($"{K}('cut')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Row("G8")]
    [TestCase("""{"requests":[{"method":"GET","url":"$metadata"}]}""", "id")]
    [TestCase(
        """{"requests":[{"id":"1","method":"GET","url":"$metadata"},{"id":"1","method":"GET","url":"$metadata"}]}""",
        "id")]
    [TestCase("""{"requests":[{"id":"1","method":"GET","url":"$metadata","dependsOn":["2"]}]}""", "dependsOn")]
    [TestCase("""{"requests":[{"id":"1","method":"GET","url":"$metadata","atomicityGroup":"1"}]}""", "id")]
    [TestCase("""{"requests":[{"id":"1","method":"GET","url":"$metadata","dependsOn":["1"]}]}""", "dependsOn")]
    [TestCase(
        """{"requests":[{"id":"1","method":"GET","url":"$metadata","dependsOn":["2"]},"""
            + """{"id":"2","method":"GET","url":"$metadata"}]}""",
        "dependsOn")]
    public async Task Names_the_faulty_member_of_a_batch(string body, string target) =>
        await (await Writer.PostBatchAsync(Root, body, "application/json"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", target);

    [Row("G8")]
    [TestCase("")]
    [TestCase("text/plain")]
    [TestCase("multipart/mixed")]
    [TestCase("multipart/form-data;boundary=b")]
    public async Task Refuses_a_batch_in_another_format(string contentType) =>
        await (await Writer.PostBatchAsync(Root, "{}", contentType))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");

    [Test]
    [Row("G8")]
    public async Task Refuses_the_query_option_format() =>
        await (await Writer.PostBatchAsync(
            $"{Root}",
            """{"requests":[{"id":"1","method":"GET","url":"$metadata"}]}""",
            "application/json",
            query: "?$format=json"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$format");

    [Test]
    [Row("G8")]
    public async Task Allows_only_POST()
    {
        HttpResponseMessage response = await Writer.GetAsync($"{Root}/$batch");

        await response.AssertErrorAsync(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
        Assert.That(response.Content.Headers.Allow, Is.EqualTo(["POST"]));
    }
}

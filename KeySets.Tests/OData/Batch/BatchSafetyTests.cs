using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.OData.Batch;

/// <summary>A batch gives a client nothing that single requests would not.</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class BatchSafetyTests : ApiTests
{
    private const string Sets = "trustFramework/keySets";

    [Test]
    public async Task Needs_a_token() =>
        await (await Application.Anonymous.PostBatchAsync(
            "", """{"requests":[{"id":"1","method":"GET","url":"$metadata"}]}""", "application/json"))
            .AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");

    [Test]
    public async Task Authorises_each_part_by_itself()
    {
        JsonObject another = Request("another", "POST", Sets, """{"id":"another"}""");
        another["headers"]!["Authorization"] = $"Bearer {Application.Issuer.CreateToken(KeySetsApplication.ReadWrite)}";
        JsonObject wrong = Request("wrong", "GET", Sets);
        wrong["headers"] = new JsonObject { ["Authorization"] = "Bearer nonsense" };

        Dictionary<string, JsonObject> answers = await Application.Reader.BatchAsync(
            "", [Request("read", "GET", $"{Sets}/$count"), Request("write", "POST", Sets, "{}"), wrong, another,
                Request("last", "GET", $"{Sets}/$count")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 403, 401, 201, 200]));
        Assert.That((string?)answers["write"]["body"]!["error"]!["code"], Is.EqualTo("Authorization_RequestDenied"));
        Assert.That((string?)answers["wrong"]["headers"]!["www-authenticate"], Does.StartWith("Bearer"));
    }

    [Test]
    public async Task Changes_nothing_if_one_part_of_a_group_is_not_allowed()
    {
        JsonObject allowed = Request("allowed", "POST", Sets, """{"id":"in-group"}""", "g");
        allowed["headers"]!["Authorization"] = $"Bearer {Application.Issuer.CreateToken(KeySetsApplication.ReadWrite)}";

        Dictionary<string, JsonObject> answers = await Application.Reader.BatchAsync(
            "", [allowed, Request("not", "POST", Sets, "{}", "g")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([424, 403]));
        Assert.That((await Writer.GetAsync($"/{Sets}('in-group')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase(100, HttpStatusCode.OK)]
    [TestCase(101, HttpStatusCode.BadRequest)]
    [TestCase(1000, HttpStatusCode.BadRequest)]
    public async Task Runs_a_hundred_parts_and_no_more(int parts, HttpStatusCode status)
    {
        JsonArray requests =
            [.. Enumerable.Range(0, parts).Select(number => Request($"{number}", "GET", $"{Sets}/$count"))];

        HttpResponseMessage response = await Writer.PostBatchAsync(
            "", new JsonObject { ["requests"] = requests }.ToJsonString(), "application/json");

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [TestCase(101)]
    [TestCase(1000)]
    public async Task Counts_the_parts_of_a_change_set(int parts)
    {
        string part = Part("PUT", $"{Sets}('counted')", "{}");
        string changes = string.Concat(Enumerable.Range(0, parts).Select(number =>
            $"--c\n{part.Replace("binary\n", $"binary\nContent-ID: {number}\n", StringComparison.Ordinal)}\n"));
        string batch = $"--b\nContent-Type: multipart/mixed;boundary=c\n\n{changes}--c--\n--b--\n".ReplaceLineEndings(
            "\r\n");

        await (await Writer.PostBatchAsync("", batch, "multipart/mixed;boundary=b"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
        Assert.That((await Writer.GetAsync($"/{Sets}('counted')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Refuses_a_batch_within_a_batch()
    {
        const string inner =
            """{"requests":[{"id":"1","method":"POST","url":"trustFramework/keySets","body":{"id":"nested"}}]}""";

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            "", [Request("1", "POST", "$batch", inner), Request("2", "POST", "/$batch", inner)]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([400, 400]));
        Assert.That((string?)answers["1"]["body"]!["error"]!["message"],
            Does.Contain("within a batch").Or.Contain("part of a batch"));
        Assert.That((await Writer.GetAsync($"/{Sets}('nested')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Refuses_a_body_of_more_than_a_megabyte() =>
        await (await Writer.PostBatchAsync("", new string(' ', (1024 * 1024) + 1), "application/json"))
            .AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");

    [Test]
    public async Task Treats_the_body_of_a_part_without_a_type_as_JSON()
    {
        JsonObject request = Request("1", "PUT", $"{Sets}('untyped')", "{}");
        request.Remove("headers");

        Assert.That((int)(await Writer.BatchAsync("", [request]))["1"]["status"]!, Is.EqualTo(201));
    }

    [Test]
    public async Task Authorises_each_part_of_a_multipart_batch_by_itself()
    {
        (int[] statuses, _) = await Application.Reader.BatchAsync(
            "", [Part("GET", $"{Sets}/$count"), ChangeSet(Part("PUT", $"{Sets}('unallowed')", "{}", "1"))],
            "continue-on-error");

        Assert.That(statuses, Is.EqualTo([200, 403]));
        Assert.That((await Writer.GetAsync($"/{Sets}('unallowed')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Refuses_a_body_that_is_compressed()
    {
        StringContent batch = new(
            """{"requests":[{"id":"1","method":"GET","url":"$metadata"}]}""",
            new MediaTypeHeaderValue("application/json"));
        batch.Headers.ContentEncoding.Add("gzip");

        await (await Writer.PostAsync("/$batch", batch))
            .AssertErrorAsync(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "Content-Type");
    }

    [TestCase("OData-MaxVersion", "3.0", HttpStatusCode.BadRequest)]
    [TestCase("Isolation", "snapshot", HttpStatusCode.PreconditionFailed)]
    public async Task Checks_the_headers_of_a_batch_as_those_of_every_request(
        string header, string value, HttpStatusCode status)
    {
        StringContent batch = new(
            """{"requests":[{"id":"1","method":"GET","url":"$metadata"}]}""",
            new MediaTypeHeaderValue("application/json"));

        await (await Writer.SendAsync(HttpMethod.Post, "/$batch", batch, (header, value)))
            .AssertErrorAsync(status, status.ToString(), header);
    }

    [Test]
    public async Task Lets_no_reference_climb_above_its_resource()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync("",
        [
            Request("1", "POST", Sets, """{"id":"referred"}"""),
            Request("2", "GET", "$1/../../../admin", null, null, "1"),
            Request("3", "GET", "$1/%2e%2e/%2e%2e/admin", null, null, "1"),
        ]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([201, 404, 404]));
    }

    [TestCase("trustFramework/keySets/slashed%2Fkeys")]
    [TestCase("trustFramework/keySets('slashed')%2fkeys")]
    [TestCase("trustFramework%2FkeySets/slashed")]
    public async Task Does_not_treat_an_encoded_slash_as_a_slash(string url)
    {
        await Writer.CreateAsync("""{"id":"slashed","keys":[{"kty":"EC","kid":"1"}]}""");

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync("", [Request("1", "DELETE", url)]);

        Assert.That((int)answers["1"]["status"]!, Is.EqualTo(404));
        Assert.That(await Writer.GetStringAsync($"/{Sets}('slashed')/keys/$count"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Ignores_the_host_that_a_part_claims()
    {
        JsonObject request = Request("1", "POST", Sets, """{"id":"forged"}""");
        request["headers"]!["Host"] = "elsewhere.example";
        request["headers"]!["X-Forwarded-Host"] = "elsewhere.example";
        request["headers"]!["X-Forwarded-Proto"] = "https";

        JsonObject answer = (await Writer.BatchAsync("", [request]))["1"];

        Assert.That((string?)answer["headers"]!["location"], Is.EqualTo($"http://localhost/{Sets}('forged')"));
    }

    [Test]
    public async Task Gives_every_answer_its_own_id_and_version()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            "", [Request("1", "GET", $"{Sets}('nobody')"), Request("2", "GET", Sets, null, null, "1"),
                Request("3", "GET", Sets)]);

        Assert.That(answers.Values.Select(answer => (string?)answer["headers"]!["request-id"]),
            Is.Unique.And.All.Length.EqualTo(36));
        Assert.That(
            answers.Values.Select(answer => (string?)answer["headers"]!["odata-version"]), Is.All.EqualTo("4.0"));
        Assert.That((string?)answers["2"]["body"]!["error"]!["innererror"]!["request-id"],
            Is.EqualTo((string?)answers["2"]["headers"]!["request-id"]));
    }

    [Test]
    public async Task Lets_a_part_have_its_own_version_and_format()
    {
        JsonObject request = Request("1", "GET", $"{Sets}?$top=0");
        request["headers"] =
            new JsonObject { ["OData-MaxVersion"] = "4.01", ["Accept"] = "application/json;metadata=minimal" };

        JsonObject answer = (await Writer.BatchAsync("", [request]))["1"];

        Assert.That((string?)answer["headers"]!["odata-version"], Is.EqualTo("4.01"));
        Assert.That(answer["body"]!.AsObject().ContainsKey("@context"), Is.True);
    }

    [Test]
    public async Task Refuses_to_read_in_a_change_set()
    {
        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            "", [Request("1", "PUT", $"{Sets}('read-after')", "{}", "g"), Request("2", "GET", Sets, null, "g")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([424, 400]));
        await (await Writer.PostBatchAsync(
            "",
            "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\n"
                + "Content-Transfer-Encoding: binary\r\nContent-ID: 1\r\n\r\n"
                + "GET trustFramework/keySets HTTP/1.1\r\n\r\n\r\n--c--\r\n--b--\r\n",
            "multipart/mixed;boundary=b")).AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest");
        Assert.That((await Writer.GetAsync($"/{Sets}('read-after')")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("HEAD", "trustFramework/keySets")]
    [TestCase("POST", "trustFramework/keySets/$query")]
    [TestCase("POST", "trustFramework/keySets/$query/")]
    [TestCase("OPTIONS", "trustFramework/keySets")]
    public async Task Lets_no_reader_block_writers_with_an_atomicity_group(string method, string url)
    {
        Dictionary<string, JsonObject> answers = await Application.Reader.BatchAsync(
            "", [Request("1", method, url, null, "g"), Request("2", method, url, null, "g")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([400, 424]));
    }

    [Test]
    public async Task Answers_in_JSON_whatever_its_parts_are()
    {
        JsonObject charset = Request("charset", "GET", $"{Sets}?$top=1");
        charset["headers"] = new JsonObject { ["Accept-Charset"] = "utf-16" };

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync(
            "", [Request("live", "GET", "health/live"), Request("head", "HEAD", Sets), charset,
                Request("nowhere", "GET", "nowhere")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 200, 200, 404]));
        Assert.That((string?)answers["live"]["body"], Is.EqualTo("Healthy"));
        Assert.That(answers["head"]["body"], Is.Null);
        Assert.That(answers["charset"]["body"]!["value"], Is.InstanceOf<JsonArray>());
    }

    [Test]
    public async Task Runs_no_more_parts_when_the_answers_get_too_long()
    {
        string text = new('n', 1_000_000);
        await Writer.CreateAsync($$"""{"id":"long","keys":[{"kty":"x","kid":"1","n":"{{text}}"}]}""");
        JsonObject[] requests =
            [.. Enumerable.Range(0, 12).Select(number => Request($"{number}", "GET", $"{Sets}('long')"))];

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync("", requests);

        int[] statuses = [.. answers.Values.Select(answer => (int)answer["status"]!)];
        Assert.That(statuses[..9], Is.All.EqualTo(200));
        Assert.That(statuses[9..], Is.All.EqualTo(507));
        await Writer.DeleteAsync($"/{Sets}('long')");
    }

    [Test]
    public async Task Follows_preconditions_within_a_change_set()
    {
        string tag = (await Writer.SendAsync(HttpMethod.Put, $"/{Sets}('tagged')", Json("{}"))).Header("ETag")!;
        JsonObject first = Request("1", "PUT", $"{Sets}('tagged')", """{"keys":[{"kty":"EC","kid":"first"}]}""", "g");
        JsonObject second = Request("2", "PUT", $"{Sets}('tagged')", """{"keys":[{"kty":"EC","kid":"second"}]}""", "g");
        first["headers"]!["If-Match"] = tag;
        second["headers"]!["If-Match"] = tag;

        Dictionary<string, JsonObject> answers = await Writer.BatchAsync("", [first, second]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([424, 412]));
        Assert.That((await Writer.GetAsync($"/{Sets}('tagged')")).Header("ETag"), Is.EqualTo(tag));
    }

    private static StringContent Json(string json) =>
        new(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
}

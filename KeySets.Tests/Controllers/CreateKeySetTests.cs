using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: the documented example, ids, and concurrent requests.</summary>
public sealed class CreateKeySetTests : ApiTests
{
    private static readonly string[] Roots = ["", "/beta"];

    [TestCaseSource(nameof(Roots))]
    public async Task Answers_the_documented_request_with_the_documented_response(string root)
    {
        HttpResponseMessage response = await PostSeedAsync(root, lineEnd: "\n");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        JsonObject answer = await response.JsonAsync();
        Assert.That(Guid.TryParseExact((string?)answer["id"], "D", out _), Is.True, "the id is a GUID");
        JsonObject documented = Documentation.CreateResponse;
        documented["id"] = (string?)answer["id"];
        Assert.That(WithoutControlInformation(answer).ToJsonString(), Is.EqualTo(documented.ToJsonString()));
    }

    [Test]
    public async Task Takes_the_documented_request_with_its_documented_length()
    {
        byte[] body = Encoding.UTF8.GetBytes(Documentation.CreateRequest.ReplaceLineEndings("\r\n"));
        Assert.That(body, Has.Length.EqualTo(583));

        HttpResponseMessage response = await PostSeedAsync(root: "", lineEnd: "\r\n");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(
            (await response.JsonAsync())["keys"]!.ToJsonString(),
            Is.EqualTo(Documentation.CreateResponse["keys"]!.ToJsonString()));
    }

    [TestCaseSource(nameof(Roots))]
    public async Task Points_to_the_new_set_under_the_root_of_the_request(string root)
    {
        HttpResponseMessage created = await PostSeedAsync(root, lineEnd: "\n");
        JsonObject set = await created.JsonAsync();

        Assert.That(
            created.Headers.Location!.OriginalString, Does.StartWith($"http://localhost{root}/trustFramework/keySets"));
        Assert.That(
            (string?)set["@odata.context"],
            Is.EqualTo($"http://localhost{root}/$metadata#trustFramework/keySets/$entity"));
        HttpResponseMessage read = await Writer.GetAsync(created.Headers.Location);
        Assert.That(read.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((string?)(await read.JsonAsync())["id"], Is.EqualTo((string?)set["id"]));
    }

    [Test]
    public async Task Gives_each_set_without_an_id_a_new_id()
    {
        HttpResponseMessage first = await Writer.CreateAsync("{}");
        HttpResponseMessage second = await Writer.CreateAsync("""{"id":null,"keys":[]}""");

        Assert.That(first.Headers.Location, Is.Not.EqualTo(second.Headers.Location));
    }

    [Test]
    public async Task Creates_a_set_without_keys_from_an_empty_object()
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await response.JsonAsync())["keys"]!.AsArray(), Is.Empty);
    }

    [TestCase("B2C_1A_TokenSigningKeyContainer")]
    [TestCase("a.b_c-D9")]
    [TestCase("...")]
    [TestCase("0")]
    public async Task Keeps_the_id_of_the_request(string id)
    {
        HttpResponseMessage response = await Writer.CreateAsync(new JsonObject { ["id"] = id });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo(id));
        Assert.That(response.Headers.Location!.AbsolutePath, Is.EqualTo($"/trustFramework/keySets('{id}')"));
    }

    [Test]
    public async Task Takes_an_id_of_128_characters_and_refuses_one_of_129()
    {
        HttpResponseMessage longest = await Writer.CreateAsync(new JsonObject { ["id"] = new string('x', 128) });
        Assert.That(longest.StatusCode, Is.EqualTo(HttpStatusCode.Created));

        HttpResponseMessage tooLong = await Writer.CreateAsync(new JsonObject { ["id"] = new string('x', 129) });
        await tooLong.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "id");
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("a b")]
    [TestCase("a/b")]
    [TestCase("a'b")]
    [TestCase("a%2Fb")]
    [TestCase("ä")]
    [TestCase("a\n")]
    [TestCase("$count")]
    public async Task Refuses_an_id_that_does_not_fit_into_a_url(string id)
    {
        HttpResponseMessage response = await Writer.CreateAsync(new JsonObject { ["id"] = id });

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "id");
    }

    [Test]
    public async Task Refuses_a_second_set_with_the_same_id_and_keeps_the_first()
    {
        JsonObject first = new() { ["id"] = "taken", ["keys"] = new JsonArray(SampleKeys.PublicRsa()) };
        await Writer.CreateAsync(first);

        HttpResponseMessage second = await Writer.CreateAsync("""{"id":"taken"}""");

        await second.AssertErrorAsync(HttpStatusCode.Conflict, "AADB2C95028", "id");
        JsonObject kept = await (await Writer.GetAsync("/trustFramework/keySets/taken")).JsonAsync();
        Assert.That(kept["keys"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Tells_ids_apart_by_case()
    {
        await Writer.CreateAsync("""{"id":"Case"}""");

        HttpResponseMessage response = await Writer.CreateAsync("""{"id":"case"}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Gives_an_id_to_one_of_many_concurrent_requests()
    {
        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Writer.CreateAsync("""{"id":"wanted"}""")));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.Conflict), Is.EqualTo(19));
    }

    [Test]
    public async Task Stores_every_set_that_it_confirmed_when_many_come_at_once()
    {
        HttpResponseMessage[] created = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Writer.CreateAsync(
            new JsonObject { ["keys"] = new JsonArray(SampleKeys.Oct(), SampleKeys.Oct()) })));

        foreach (HttpResponseMessage response in created)
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
            JsonObject read = await (await Writer.GetAsync(response.Headers.Location)).JsonAsync();
            JsonObject answered = await response.JsonAsync();
            Assert.That(Kids(read), Is.EqualTo(Kids(answered)));
        }
    }

    private static JsonObject WithoutControlInformation(JsonObject answer)
    {
        Assert.That(answer.Remove("@odata.context"), Is.True);
        Assert.That(answer.Remove("@odata.etag"), Is.True);
        return answer;
    }

    private static IEnumerable<string?> Kids(JsonObject set) =>
        set["keys"]!.AsArray().Select(key => (string?)key!["kid"]);

    private Task<HttpResponseMessage> PostSeedAsync(string root, string lineEnd) => Writer.SendAsync(
        HttpMethod.Post,
        $"{root}/trustFramework/keySets",
        new ByteArrayContent(Encoding.UTF8.GetBytes(Documentation.CreateRequest.ReplaceLineEndings(lineEnd))),
        ("Content-Type", "application/json"));
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Batch;

/// <summary>
/// <c>POST /$batch</c> and <c>POST /beta/$batch</c>: the URLs of its requests, in every form and for either root, and
/// the Content-IDs of its answers.
/// </summary>
public sealed partial class BatchUrlTests : ApiTests
{
    [OneTimeSetUp]
    public Task CreateSet() => Writer.CreateAsync("""{"id":"there"}""");

    // A URL with a leading slash is of the batch's own root at /beta: the SDKs of the cloud API write it so.
    [TestCase("", "trustFramework/keySets/there", "")]
    [TestCase("", "./trustFramework/keySets/there", "")]
    [TestCase("", "/trustFramework/keySets/there", "")]
    [TestCase("", "/beta/trustFramework/keySets/there", "/beta")]
    [TestCase("", "http://localhost/trustFramework/keySets/there", "")]
    [TestCase("", "http://localhost/beta/trustFramework/keySets/there", "/beta")]
    [TestCase("", "HTTP://LOCALHOST/trustFramework/keySets/there", "")]
    [TestCase("", "http://localhost:80/trustFramework/keySets/there?$select=id", "")]
    [TestCase("", "//localhost/beta/trustFramework/keySets('there')", "/beta")]
    [TestCase("/beta", "trustFramework/keySets/there", "/beta")]
    [TestCase("/beta", "/trustFramework/keySets/there", "/beta")]
    [TestCase("/beta", "/beta/trustFramework/keySets/there", "/beta")]
    [TestCase("/beta", "http://localhost/trustFramework/keySets/there", "")]
    [TestCase("/beta", "http://localhost/beta/trustFramework/keySets/there", "/beta")]
    [TestCase("/beta", "../trustFramework/keySets/there", "")]
    public async Task Work_as_they_do_alone(string batch, string url, string root)
    {
        foreach ((int status, string body) in await BothAsync(batch, url))
        {
            Assert.That(status, Is.EqualTo(200), body);
            Assert.That(body, Does.Contain($"http://localhost{root}/$metadata#trustFramework/keySets"));
        }
    }

    [TestCase("http://elsewhere.example/trustFramework/keySets")]
    [TestCase("https://localhost/trustFramework/keySets")]
    [TestCase("http://localhost:81/trustFramework/keySets")]
    [TestCase("//elsewhere.example/trustFramework/keySets")]
    [TestCase("ftp://localhost/trustFramework/keySets")]
    [TestCase("trustFramework/keySets/%00")]
    [TestCase("/$/outside")]
    public async Task Fail_their_own_part_if_they_are_outside_of_the_service(string url)
    {
        foreach (string batch in (string[])["", "/beta"])
        {
            foreach ((int status, string body) in await BothAsync(batch, url))
            {
                Assert.That(status, Is.AnyOf(400, 404, 501), body);
                Assert.That(body, Does.Contain("\"error\"").And.Contain("\"code\""));
            }
        }
    }

    [Test]
    public async Task Fail_their_change_set_as_a_whole()
    {
        JsonArray requests =
        [
            Request("1", "PUT", "trustFramework/keySets/undone"),
            Request("2", "PUT", "http://elsewhere.example/trustFramework/keySets/x"),
        ];
        foreach (JsonNode? request in requests)
        {
            request!["atomicityGroup"] = "g";
            request["body"] = new JsonObject();
        }

        requests.Add(Request("3", "GET", "trustFramework/keySets/there"));

        JsonObject answer = await (await Writer.SendJsonAsync(
            HttpMethod.Post, "/$batch", new JsonObject { ["requests"] = requests }.ToJsonString())).JsonAsync();

        Assert.That(answer["responses"]!.AsArray().Select(part => (int?)part!["status"]), Is.EqualTo([424, 400, 200]));
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/undone")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("", "/beta")]
    [TestCase("/beta", "")]
    public async Task Can_refer_to_a_request_of_the_other_root(string batch, string root)
    {
        JsonArray requests =
        [
            Request("1", "GET", $"http://localhost{root}/trustFramework/keySets/there"),
            Request("2", "GET", "$1/keys"),
        ];
        JsonObject answer = await (await Writer.SendJsonAsync(
            HttpMethod.Post, $"{batch}/$batch", new JsonObject { ["requests"] = requests }.ToJsonString())).JsonAsync();

        Assert.That(answer["responses"]!.AsArray().Select(part => (int?)part!["status"]), Is.EqualTo([200, 200]));
    }

    [Test]
    public async Task Repeat_the_Content_ID_of_each_request_that_has_one()
    {
        string body = Multipart("b",
            ("a-1", "GET trustFramework/keySets/there HTTP/1.1"),
            (null, "GET trustFramework/keySets/there HTTP/1.1"),
            ("a.2", "GET trustFramework/keySets/nothing HTTP/1.1"));

        string answer = await (await SendMultipartAsync("/$batch", body, ("Prefer", "continue-on-error")))
            .Content.ReadAsStringAsync();

        string[] parts = [.. Regex.Split(answer, @"^--batchresponse_[^\r\n]*\r?\n", RegexOptions.Multiline).Skip(1)];
        Assert.That(
            parts[..3].Select(part => ContentId().Match(part.Split("HTTP/1.1")[0]).Groups["id"].Value),
            Is.EqualTo(["a-1", "", "a.2"]));
        Assert.That(parts[2], Does.Contain("404 Not Found"));
    }

    private async Task<(int Status, string Body)[]> BothAsync(string root, string url)
    {
        JsonObject json = await (await Writer.SendJsonAsync(HttpMethod.Post, $"{root}/$batch", new JsonObject
        {
            ["requests"] = new JsonArray(Request("1", "GET", url), Request("2", "GET", "trustFramework/keySets/there")),
        }.ToJsonString())).JsonAsync();
        HttpResponseMessage multipart = await SendMultipartAsync(
            $"{root}/$batch",
            Multipart("b", (null, $"GET {url} HTTP/1.1"), (null, "GET trustFramework/keySets/there HTTP/1.1")),
            ("Prefer", "continue-on-error"));
        string text = await multipart.Content.ReadAsStringAsync();

        MatchCollection statuses = StatusLine().Matches(text);
        JsonArray responses = json["responses"]!.AsArray();
        Assert.That(responses.Select(part => (int?)part!["status"]).Last(), Is.EqualTo(200), "its neighbour");
        Assert.That(statuses.Last().Groups["status"].Value, Is.EqualTo("200"), "its neighbour");
        string first = text[statuses[0].Index..statuses[1].Index];
        return
        [
            ((int)responses[0]!["status"]!, $"{responses[0]!["body"]}"),
            (int.Parse(statuses[0].Groups["status"].Value, null), first),
        ];
    }

    private async Task<HttpResponseMessage> SendMultipartAsync(
        string url, string body, params (string Name, string Value)[] headers)
    {
        StringContent content = new(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        HttpResponseMessage response = await Writer.SendAsync(HttpMethod.Post, url, content, headers);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return response;
    }

    private static JsonObject Request(string id, string method, string url) =>
        new() { ["id"] = id, ["method"] = method, ["url"] = url };

    private static string Multipart(string boundary, params (string? Id, string Line)[] requests) =>
        string.Concat(requests.Select(request =>
            $"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
            + (request.Id is null ? "" : $"Content-ID: {request.Id}\r\n") + $"\r\n{request.Line}\r\n\r\n\r\n"))
        + $"--{boundary}--\r\n";

    [GeneratedRegex(@"HTTP/1\.1 (?<status>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"^Content-ID: (?<id>[^\r\n]*)\r?$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex ContentId();
}

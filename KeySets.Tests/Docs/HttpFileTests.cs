using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;

namespace KeySets.Tests.Docs;

/// <summary><c>KeySets.http</c>, sent as a person sends it, and the parser that reads it here.</summary>
public sealed class HttpFileTests
{
    private const string First = "### First\n# 200\n# @name first\nGET http://localhost/first\n\n";

    // Each test reads the file anew, so that a fault in it does not fail the tests of the parser.
    private static HttpFile File =>
        HttpFile.Parse(System.IO.File.ReadAllText(Path.Combine(Documents.Folder, "KeySets.Api", "KeySets.http")));

    // Tools send the line ends of the file or of the machine, also within a multipart batch.
    [TestCase("\n")]
    [TestCase("\r\n")]
    public async Task Gets_the_answers_that_it_promises_from_top_to_bottom_twice(string lineEnd)
    {
        await using KeySetsStandIn service = new();

        await SendAndAssertAsync(service, lineEnd);
        await SendAndAssertAsync(service, lineEnd);
    }

    [Test]
    public async Task Shows_every_operation_with_a_request_that_succeeds()
    {
        await using KeySetsStandIn service = new();
        JsonObject document = await (await service.CreateClient().GetAsync("/openapi/v1.json")).JsonAsync();
        DescribedOperation[] operations = [.. DescribedOperation.Of(document)];

        HttpResponseMessage[] succeeded = [.. (await SendAsync(service)).Where(answer => answer.IsSuccessStatusCode)];

        Assert.That(operations, Is.Not.Empty);
        Assert.That(
            operations
                .Where(operation => !succeeded.Any(answer => IsOf(operation, answer.RequestMessage!)))
                .Select(operation => operation.Id),
            Is.Empty);
    }

    [Test]
    public void Creates_the_set_of_the_documentation_first()
    {
        HttpFileRequest create = File.Requests.First(request =>
            request.Method == HttpMethod.Post && request.Target == $"{{{{host}}}}{HttpExtensions.KeySets}");

        Assert.That(create.Body, Is.EqualTo(Documentation.CreateRequest));
    }

    [TestCase("### No status\nGET http://localhost/\n")]
    [TestCase("### Status of one digit\n# 2\nGET http://localhost/\n")]
    [TestCase("###\n# 200\nGET http://localhost/\n")]
    [TestCase("###No space\n# 200\nGET http://localhost/\n")]
    [TestCase("## Two signs\n# 200\nGET http://localhost/\n")]
    [TestCase("### Nothing but a title\n# 200\n")]
    [TestCase("### Unknown method\n# 200\nFETCH http://localhost/\n")]
    [TestCase("### Space in the URL\n# 200\nGET http://localhost/?$filter=a eq 'b'\n")]
    [TestCase("### Name before status\n# @name a\n# 200\nGET http://localhost/\n")]
    [TestCase("### No blank line before the body\n# 200\nPOST http://localhost/\nContent-Type: application/json\n{}\n")]
    [TestCase(
        "### Two blank lines before the body\n# 200\nPOST http://localhost/\nContent-Type: application/json\n\n\n{}\n")]
    [TestCase("### Body without Content-Type\n# 200\nPOST http://localhost/\n\n{}\n")]
    [TestCase("### Content-Type without body\n# 200\nPOST http://localhost/\nContent-Type: application/json\n\n")]
    [TestCase("### Comment in the body\n# 200\nPOST http://localhost/\nContent-Type: text/plain\n\na\n# b\n")]
    [TestCase("### Other comment in the body\n# 200\nPOST http://localhost/\nContent-Type: text/plain\n\na\n  // b\n")]
    [TestCase("### Name of another\n# 200\n# @name first\nGET http://localhost/\n")]
    public void Is_refused_with_a_malformed_request(string text)
    {
        Assert.That(() => HttpFile.Parse(First), Throws.Nothing);
        Assert.That(() => HttpFile.Parse($"{First}{text}"), Throws.InstanceOf<FormatException>());
    }

    [TestCase("@host http://localhost")]
    [TestCase("@host = {{other}}/path")]
    [TestCase("GET http://localhost/")]
    public void Is_refused_with_a_malformed_head(string text) =>
        Assert.That(() => HttpFile.Parse($"{text}\n\n{First}"), Throws.InstanceOf<FormatException>());

    [TestCase("{{unknown}}")]
    [TestCase("{{}}")]
    [TestCase("{{second.response.body.$.id}}")]
    [TestCase("{{first.response.body.$.unknown}}")]
    [TestCase("{{first.response.body.$.keys}}")]
    [TestCase("{{first.response.headers.Unknown}}")]
    [TestCase("{{first.response.status}}")]
    public async Task Sends_no_request_whose_reference_leads_nowhere(string reference)
    {
        string[] seconds =
        [
            $"GET http://localhost/{reference}\n",
            $"GET http://localhost/\nAccept: {reference}\n",
            $"POST http://localhost/\nContent-Type: text/plain\n\n{reference}\n",
        ];
        foreach (string second in seconds)
        {
            Echo echo = new();
            HttpFileSession session = new(
                new HttpClient(echo), HttpFile.Parse($"{First}### Second\n# 200\n# @name second\n{second}"));

            await Assert.ThatAsync(
                session.SendAllAsync, Throws.InvalidOperationException.With.Message.Contains(reference));
            Assert.That(echo.Sent, Is.EqualTo(["http://localhost/first"]));
        }
    }

    [Test]
    public async Task Takes_values_from_variables_and_earlier_answers()
    {
        Echo echo = new();
        HttpFile file = HttpFile.Parse(
            $"@host = http://localhost\n\n{First}### Second\n# 200\n"
            + $"GET {{{{host}}}}/{{{{first.response.body.$.inner.id}}}}/{{{{first.response.headers.ETag}}}}\n");

        await new HttpFileSession(new HttpClient(echo), file).SendAllAsync();

        Assert.That(echo.Sent, Is.EqualTo(["http://localhost/first", "http://localhost/7/\"tag\""]));
    }

    private static async Task SendAndAssertAsync(KeySetsStandIn service, string lineEnd)
    {
        IReadOnlyList<HttpResponseMessage> answers = await SendAsync(service, lineEnd);
        Assert.That(
            File.Requests.Zip(answers, (request, answer) => $"{request.Title}: {(int)answer.StatusCode}"),
            Is.EqualTo(File.Requests.Select(request => $"{request.Title}: {request.Status}")));
        Assert.That(
            await service.ClientWith(Permissions.Read).GetStringAsync($"{HttpExtensions.KeySets}/$count"),
            Is.EqualTo("0"));
    }

    private static Task<IReadOnlyList<HttpResponseMessage>> SendAsync(KeySetsStandIn service, string lineEnd = "\n") =>
        new HttpFileSession(
            service.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false }), File, lineEnd)
            .SendAllAsync();

    // No id or kid in the file begins with $, so $count is not mistaken for one.
    private static bool IsOf(DescribedOperation operation, HttpRequestMessage request) =>
        request.Method == operation.Method
        && Regex.IsMatch(
            request.RequestUri!.AbsolutePath,
            $"^{Regex.Replace(Regex.Escape(operation.Path), @"\\\{\w+}", "[^/$]+")}$");

    /// <summary>Records the URLs of requests, and gives all of them the same answer.</summary>
    private sealed class Echo : HttpMessageHandler
    {
        public List<string> Sent { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent.Add(request.RequestUri!.OriginalString);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Headers = { ETag = new("\"tag\"") },
                Content = new StringContent("""{"inner":{"id":7},"keys":[]}"""),
            });
        }
    }
}

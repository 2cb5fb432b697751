using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OpenApi;

/// <summary>Uses the service by its OpenAPI document alone: the document describes every answer.</summary>
public sealed class OpenApiAnswersTests : ApiTests
{
    // The headers that clients act upon. Every answer has others.
    private static readonly string[] Described = ["Location", "ETag"];

    private JsonObject _document = null!;

    private HttpClient Everything => Application.ClientWith(
        Application.Issuer.CreateToken($"{KeySetsApplication.ReadWrite} {KeySetsApplication.ReadAudit}"));

    [OneTimeSetUp]
    public async Task ReadDocument() =>
        _document = await (await Application.Anonymous.GetAsync("/openapi/v1.json")).JsonAsync();

    [Test]
    public async Task Answers_each_example_as_documented()
    {
        foreach (DescribedOperation operation in DescribedOperation.InWorkingOrder(_document))
        {
            foreach (JsonNode? body in operation.Bodies)
            {
                using HttpRequestMessage request = operation.Request(body);
                await AssertDocumentedAsync(operation, await Everything.SendAsync(request), success: true);
            }
        }
    }

    [Test]
    public async Task Documents_the_answer_to_a_change_if_the_client_prefers_no_body()
    {
        foreach (DescribedOperation operation in
            Operations().Where(
                operation => operation.Parameters.Any(parameter => (string?)parameter["name"] == "Prefer")
                    && operation.Method != HttpMethod.Get))
        {
            using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
            request.Headers.Add("Prefer", "return=minimal");
            HttpResponseMessage response = await Writer.SendAsync(request);

            Assert.That(
                response.StatusCode,
                Is.EqualTo(HttpStatusCode.NoContent).Or.EqualTo(HttpStatusCode.NotFound),
                operation.Id);
            await AssertDocumentedAsync(operation, response);
        }
    }

    [Test]
    public async Task Requires_a_token_where_documented_and_nowhere_else()
    {
        foreach (DescribedOperation operation in Operations())
        {
            using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
            HttpResponseMessage response = await Application.Anonymous.SendAsync(request);

            Assert.That(
                response.StatusCode == HttpStatusCode.Unauthorized,
                Is.EqualTo(operation.Permission is not null),
                operation.Id);
            await AssertDocumentedAsync(operation, response);
        }
    }

    [Test]
    public async Task Requires_the_documented_permission()
    {
        foreach (DescribedOperation operation in Operations().Where(operation => operation.Permission is not null))
        {
            using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
            HttpResponseMessage response = await Application.Reader.SendAsync(request);

            Assert.That(
                response.StatusCode == HttpStatusCode.Forbidden,
                Is.EqualTo(operation.Permission != KeySetsApplication.Read),
                operation.Id);
            await AssertDocumentedAsync(operation, response);
        }
    }

    [Test]
    public async Task Documents_the_refusal_of_unknown_ids_and_malformed_bodies()
    {
        foreach (DescribedOperation operation in
            Operations().Where(
                operation => operation.Path.Contains('{', StringComparison.Ordinal) && !operation.Creates))
        {
            await RefusedAsync(
                operation with { Path = operation.Path.Replace("{id}", "nowhere", StringComparison.Ordinal) },
                operation.Bodies[0],
                404);
        }

        foreach (DescribedOperation operation in
            Operations().Where(operation => operation.Content["requestBody"] is not null))
        {
            await RefusedAsync(operation, JsonValue.Create("not an object"), 400);
        }
    }

    [Test]
    public async Task Takes_the_samples_of_query_options_and_headers()
    {
        await Writer.CreateAsync("""{"id":"TokenSigning"}""");
        await Writer.SendJsonAsync(
            HttpMethod.Post, "/trustFramework/keySets/TokenSigning/generateKey", """{"use":"sig","kty":"RSA"}""");
        foreach (DescribedOperation operation in
            Operations().Where(
                operation => operation.Method == HttpMethod.Get
                    && !operation.Path.Contains("{kid}", StringComparison.Ordinal)))
        {
            foreach (JsonObject parameter in
                operation.Parameters.Where(parameter => (string?)parameter["in"] != "path"))
            {
                (string name, string sample) = ((string)parameter["name"]!, DescribedOperation.Sample(parameter));
                bool isQuery = (string?)parameter["in"] == "query";
                using HttpRequestMessage request = operation.Request(
                    query: isQuery ? $"?{name}={Uri.EscapeDataString(sample)}" : "");
                if (!isQuery)
                {
                    request.Headers.TryAddWithoutValidation(name, sample);
                }

                HttpResponseMessage response = await Everything.SendAsync(request);
                Assert.That(
                    (int)response.StatusCode,
                    Is.AnyOf(200, 304),
                    $"{operation.Id} {name}: {await response.Content.ReadAsStringAsync()}");
                await AssertDocumentedAsync(operation, response, success: true);
            }
        }
    }

    private static async Task AssertDocumentedAsync(
        DescribedOperation operation, HttpResponseMessage response, bool success = false)
    {
        string body = await response.Content.ReadAsStringAsync();
        string what = $"{operation.Id}: {(int)response.StatusCode} {body}";
        Assert.That(operation.Content["responses"]![$"{(int)response.StatusCode}"], Is.Not.Null, what);
        Assert.That(!success || (int)response.StatusCode < 400, what);
        string[] headers =
        [
            .. operation.Content["responses"]![$"{(int)response.StatusCode}"]!["headers"]?.AsObject()
                .Select(header => header.Key) ?? [],
        ];
        string[] sent = [.. Described.Where(name => response.Header(name) is not null)];
        // A 204 answers both creates and changes, so the document may list more headers than this answer has.
        Assert.That(
            headers,
            response.StatusCode == HttpStatusCode.NoContent ? Is.SupersetOf(sent) : Is.EquivalentTo(sent),
            what);
        if (body.Length == 0)
        {
            return;
        }

        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        JsonObject? schema = operation.Schema((int)response.StatusCode, mediaType);
        Assert.That(schema, Is.Not.Null, $"{what} ({mediaType})");
        if (mediaType!.EndsWith("json", StringComparison.Ordinal))
        {
            Assert.That(operation.Violations(JsonNode.Parse(body), schema!), Is.Empty, what);
        }
    }

    private async Task RefusedAsync(DescribedOperation operation, JsonNode? body, int status)
    {
        using HttpRequestMessage request = operation.Request(body);
        HttpResponseMessage response = await Writer.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(status), operation.Id);
        await AssertDocumentedAsync(operation, response);
    }

    private IEnumerable<DescribedOperation> Operations() => DescribedOperation.Of(_document);
}

using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace KeySets.Tests.Api;

/// <summary>The OpenAPI document, <c>GET /openapi/v1.json</c>, and the service as somebody uses it who has nothing else.</summary>
public sealed class OpenApiTests : ApiTests
{
    // A resource by itself shows these; POST …/$query is another way to send the query options of a GET.
    private static readonly string[] NotOfTheirOwn = ["/id", "/id/$value", "/$query"];

    // Those that clients have to do something with. Every answer has others.
    private static readonly string[] Described = ["Location", "ETag"];

    private JsonObject _document = null!;
    private string _text = null!;

    [OneTimeSetUp]
    public async Task ReadDocument()
    {
        HttpResponseMessage response = await Application.Anonymous.GetAsync("/openapi/v1.json");
        _text = await response.Content.ReadAsStringAsync();
        _document = JsonNode.Parse(_text)!.AsObject();
    }

    [Test]
    public void Is_read_without_a_complaint()
    {
        ReadResult result = OpenApiDocument.Parse(_text);

        Assert.That(result.Diagnostic!.Errors, Is.Empty);
        Assert.That(result.Diagnostic.Warnings, Is.Empty);
        Assert.That(result.Diagnostic.SpecificationVersion, Is.EqualTo(OpenApiSpecVersion.OpenApi3_1));
    }

    [Test]
    public void Has_every_route_of_the_service_and_none_that_is_not_there()
    {
        IEnumerable<string> routes = Application.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {Template(endpoint.RoutePattern.RawText!)}"))
            .Where(route => !route.Contains("openapi", StringComparison.Ordinal) && !NotOfTheirOwn.Any(route.EndsWith))
            .Distinct();

        Assert.That(Operations().Select(operation => $"{operation.Method} {operation.Path}"), Is.EquivalentTo(routes));
    }

    [Test]
    public void Names_each_operation_once() => Assert.That(Operations().Select(operation => operation.Id), Is.Unique);

    [Test]
    public async Task Answers_each_example_as_it_says()
    {
        foreach (DescribedOperation operation in DescribedOperation.InWorkingOrder(_document))
        {
            foreach (JsonNode? body in operation.Bodies)
            {
                using HttpRequestMessage request = operation.Request(body);
                await AssertDocumentedAsync(operation, await Writer.SendAsync(request), success: true);
            }
        }
    }

    [Test]
    public void Has_examples_that_its_schemas_take()
    {
        foreach (DescribedOperation operation in Operations().Where(operation => operation.Content["requestBody"] is not null))
        {
            JsonNode schema = operation.Content["requestBody"]!["content"]!["application/json"]!["schema"]!;
            Assert.That(operation.Bodies.SelectMany(body => operation.Violations(body, schema)), Is.Empty, operation.Id);
        }
    }

    [Test]
    public async Task Says_what_a_change_answers_that_is_wanted_without_a_body()
    {
        foreach (DescribedOperation operation in Operations().Where(operation => operation.Parameters.Any(parameter => (string?)parameter["name"] == "Prefer") && operation.Method != HttpMethod.Get))
        {
            using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
            request.Headers.Add("Prefer", "return=minimal");
            HttpResponseMessage response = await Writer.SendAsync(request);

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent).Or.EqualTo(HttpStatusCode.NotFound), operation.Id);
            await AssertDocumentedAsync(operation, response);
        }
    }

    [TestCase("createKeySet", "201 204 400 401 403 406 409 413 415 503 507 default")]
    [TestCase("listKeySets", "200 400 401 403 406 501 503 default")]
    [TestCase("getKeySet", "200 304 400 401 403 404 406 412 501 503 default")]
    [TestCase("updateKeySet", "200 201 204 400 401 403 404 406 412 413 415 503 507 default")]
    [TestCase("generateKey", "200 400 401 403 404 406 412 413 415 503 507 default")]
    [TestCase("updateKey", "204 400 401 403 404 406 412 413 415 503 507 default")]
    [TestCase("deleteKey", "204 400 401 403 404 412 503 507 default")]
    [TestCase("getJwks", "200 304 400 404 default")]
    [TestCase("isReady", "200 503 default")]
    public void Lists_the_statuses_that_an_operation_has(string id, string statuses) => Assert.That(
        Operations().Single(operation => operation.Id == id).Content["responses"]!.AsObject().Select(response => response.Key), Is.EqualTo(statuses.Split(' ')));

    [Test]
    public async Task Asks_for_a_token_where_it_says_so_and_nowhere_else()
    {
        foreach (DescribedOperation operation in Operations())
        {
            using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
            HttpResponseMessage response = await Application.Anonymous.SendAsync(request);

            Assert.That(response.StatusCode == HttpStatusCode.Unauthorized, Is.EqualTo(operation.Permission is not null), operation.Id);
            await AssertDocumentedAsync(operation, response);
        }
    }

    [Test]
    public async Task Asks_for_the_permission_that_it_names()
    {
        foreach (DescribedOperation operation in Operations().Where(operation => operation.Permission is not null))
        {
            using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
            HttpResponseMessage response = await Application.Reader.SendAsync(request);

            Assert.That(
                response.StatusCode == HttpStatusCode.Forbidden, Is.EqualTo(operation.Permission == KeySetsApplication.ReadWrite), operation.Id);
            await AssertDocumentedAsync(operation, response);
        }
    }

    [Test]
    public async Task Documents_the_refusal_of_what_is_not_there_and_of_what_cannot_be_read()
    {
        foreach (DescribedOperation operation in Operations().Where(operation => operation.Path.Contains('{', StringComparison.Ordinal) && !operation.Creates))
        {
            await RefusedAsync(operation with { Path = operation.Path.Replace("{id}", "nowhere", StringComparison.Ordinal) }, operation.Bodies[0], 404);
        }

        foreach (DescribedOperation operation in Operations().Where(operation => operation.Content["requestBody"] is not null))
        {
            await RefusedAsync(operation, JsonValue.Create("not an object"), 400);
        }
    }

    [Test]
    public async Task Takes_the_samples_of_query_options_and_headers()
    {
        await Writer.CreateAsync("""{"id":"TokenSigning"}""");
        await Writer.SendJsonAsync(HttpMethod.Post, "/trustFramework/keySets/TokenSigning/generateKey", """{"use":"sig","kty":"RSA"}""");
        foreach (DescribedOperation operation in Operations().Where(operation => operation.Method == HttpMethod.Get && !operation.Path.Contains("{kid}", StringComparison.Ordinal)))
        {
            foreach (JsonObject parameter in operation.Parameters.Where(parameter => (string?)parameter["in"] != "path"))
            {
                (string name, string sample) = ((string)parameter["name"]!, DescribedOperation.Sample(parameter));
                bool isQuery = (string?)parameter["in"] == "query";
                using HttpRequestMessage request = operation.Request(query: isQuery ? $"?{name}={Uri.EscapeDataString(sample)}" : "");
                if (!isQuery)
                {
                    request.Headers.TryAddWithoutValidation(name, sample);
                }

                HttpResponseMessage response = await Writer.SendAsync(request);
                Assert.That((int)response.StatusCode, Is.AnyOf(200, 304), $"{operation.Id} {name}: {await response.Content.ReadAsStringAsync()}");
                await AssertDocumentedAsync(operation, response, success: true);
            }
        }
    }

    [Test]
    public async Task Carries_the_root_that_was_asked()
    {
        JsonObject beta = await (await Application.Anonymous.GetAsync("/beta/openapi/v1.json")).JsonAsync();

        Assert.That((string?)_document["servers"]![0]!["url"], Is.EqualTo("http://localhost"));
        Assert.That((string?)beta["servers"]![0]!["url"], Is.EqualTo("http://localhost/beta"));
    }

    [Test]
    public async Task Has_no_headers_of_OData()
    {
        HttpResponseMessage response = await Application.Anonymous.GetAsync("/openapi/v1.json");

        Assert.That(response.Header("OData-Version"), Is.Null);
        Assert.That(response.Header("Vary"), Is.Null);
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Where(method => method != "HEAD") ?? ["GET"];

    private static string Template(string route) => "/" + route.TrimStart('/')
        .Replace("('{id}')", "/{id}", StringComparison.Ordinal)
        .Replace("({id})", "/{id}", StringComparison.Ordinal)
        .Replace("({placeholder})", "/{kid}", StringComparison.Ordinal);

    private static async Task AssertDocumentedAsync(DescribedOperation operation, HttpResponseMessage response, bool success = false)
    {
        string body = await response.Content.ReadAsStringAsync();
        string what = $"{operation.Id}: {(int)response.StatusCode} {body}";
        Assert.That(operation.Content["responses"]![$"{(int)response.StatusCode}"], Is.Not.Null, what);
        Assert.That(!success || (int)response.StatusCode < 400, what);
        string[] headers = [.. operation.Content["responses"]![$"{(int)response.StatusCode}"]!["headers"]?.AsObject().Select(header => header.Key) ?? []];
        string[] sent = [.. Described.Where(name => response.Header(name) is not null)];
        // An answer without a body can be about what was made, and about what was changed.
        Assert.That(headers, response.StatusCode == HttpStatusCode.NoContent ? Is.SupersetOf(sent) : Is.EquivalentTo(sent), what);
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

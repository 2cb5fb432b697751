using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace KeySets.Tests.OpenApi;

/// <summary>The OpenAPI document, <c>GET /openapi/v1.json</c>.</summary>
public sealed partial class OpenApiTests : ApiTests
{
    // Left out: a resource includes its properties, POST …/$query is another way to send the query options of a GET,
    // and the entity set holds the sets that the singleton contains.
    private const string InEntitySet = " /keySets";

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
    public void Is_read_without_errors_or_warnings()
    {
        ReadResult result = OpenApiDocument.Parse(_text);

        Assert.That(result.Diagnostic!.Errors, Is.Empty);
        Assert.That(result.Diagnostic.Warnings, Is.Empty);
        Assert.That(result.Diagnostic.SpecificationVersion, Is.EqualTo(OpenApiSpecVersion.OpenApi3_1));
    }

    [Test]
    public void Has_every_route_of_the_service_and_no_others()
    {
        IEnumerable<string> routes = Application.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>()
            .SelectMany(
                endpoint => Methods(endpoint).Select(method => $"{method} {Template(endpoint.RoutePattern.RawText!)}"))
            .Where(route => !route.Contains("openapi", StringComparison.Ordinal)
                && !route.Contains(InEntitySet, StringComparison.Ordinal)
                && !NotOfTheirOwn().IsMatch(route))
            .Distinct();

        Assert.That(Operations().Select(operation => $"{operation.Method} {operation.Path}"), Is.EquivalentTo(routes));
    }

    [Test]
    public void Names_each_operation_once() => Assert.That(Operations().Select(operation => operation.Id), Is.Unique);

    [Test]
    public void Has_examples_that_match_its_schemas()
    {
        foreach (DescribedOperation operation in
            Operations().Where(operation => operation.Content["requestBody"] is not null))
        {
            JsonNode schema = operation.Content["requestBody"]!["content"]!["application/json"]!["schema"]!;
            Assert.That(
                operation.Bodies.SelectMany(body => operation.Violations(body, schema)), Is.Empty, operation.Id);
        }
    }

    [TestCase("createKeySet", "201 204 400 401 403 406 409 413 415 503 507 default")]
    [TestCase("listKeySets", "200 400 401 403 406 501 503 default")]
    [TestCase("getKeySet", "200 304 400 401 403 404 406 412 501 503 default")]
    [TestCase("updateKeySet", "200 201 204 400 401 403 404 406 412 413 415 503 507 default")]
    [TestCase("generateKey", "200 400 401 403 404 406 412 413 415 429 503 507 default")]
    [TestCase("updateKey", "204 400 401 403 404 406 412 413 415 503 507 default")]
    [TestCase("deleteKey", "204 400 401 403 404 412 503 507 default")]
    [TestCase("getJwks", "200 304 400 404 default")]
    [TestCase("isReady", "200 503 default")]
    public void Lists_the_statuses_that_an_operation_has(string id, string statuses) => Assert.That(
        Operations().Single(operation => operation.Id == id).Content["responses"]!.AsObject()
            .Select(response => response.Key),
        Is.EqualTo(statuses.Split(' ')));

    [Test]
    public async Task Names_the_root_of_the_request()
    {
        JsonObject beta = await (await Application.Anonymous.GetAsync("/beta/openapi/v1.json")).JsonAsync();

        Assert.That((string?)_document["servers"]![0]!["url"], Is.EqualTo("http://localhost"));
        Assert.That((string?)beta["servers"]![0]!["url"], Is.EqualTo("http://localhost/beta"));
    }

    [Test]
    public void Writes_null_behind_the_type_that_it_stands_beside()
    {
        IEnumerable<string> types = Objects(_document)
            .Select(found => found["type"])
            .OfType<JsonArray>()
            .Select(several => string.Join(" or ", several.Select(type => (string?)type)));

        Assert.That(types.Distinct(), Is.EquivalentTo(["string or null", "integer or null"]));
    }

    [Test]
    public void Marks_the_members_of_requests_that_only_answers_have()
    {
        IEnumerable<string> sent =
            from operation in Operations()
            where operation.Content["requestBody"] is not null
            let schema = operation.Content["requestBody"]!["content"]!["application/json"]!["schema"]!
            from member in Members(schema)
            where member.Schema["readOnly"] is null
            select member.Name;

        Assert.That(sent.Distinct().Where(name => name.Contains('@', StringComparison.Ordinal) || name == "keys_v2"),
            Is.EqualTo(["@odata.type"]));
    }

    [Test]
    public void Tells_Kiota_which_member_is_the_message_of_an_exception() => Assert.That(
        (bool?)_document["components"]!["schemas"]!["error"]!["properties"]!["error"]!["properties"]!["message"]![
            "x-ms-primary-error-message"],
        Is.True);

    [Test]
    public void Declares_no_token_endpoint_outside_of_Development() => Assert.That(
        _document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key), Is.EqualTo(["bearer"]));

    [TestCase("", "innererror")]
    [TestCase("/beta", "innerError")]
    public async Task Describes_the_errors_of_the_root_of_the_request(string root, string member)
    {
        JsonObject document = await (await Application.Anonymous.GetAsync($"{root}/openapi/v1.json")).JsonAsync();

        Assert.That(
            document["components"]!["schemas"]!["error"]!["properties"]!["error"]!["properties"]!.AsObject().Last().Key,
            Is.EqualTo(member));
    }

    [Test]
    public async Task Has_no_OData_headers()
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
        .Replace("({kid})", "/{kid}", StringComparison.Ordinal);

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject found => found.SelectMany(member => Objects(member.Value)).Prepend(found),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    /// <summary>The members of a schema and of those in it that a client can send.</summary>
    private IEnumerable<(string Name, JsonObject Schema)> Members(JsonNode schema)
    {
        JsonNode found = (string?)schema["$ref"] is { } reference
            ? _document["components"]!["schemas"]![reference.Split('/')[^1]]!
            : schema;
        IEnumerable<(string Name, JsonObject Schema)> own =
            (found["properties"]?.AsObject() ?? []).Select(member => (member.Key, member.Value!.AsObject()));
        return own
            .Concat(own.Where(member => member.Schema["readOnly"] is null).SelectMany(member => Members(member.Schema)))
            .Concat(found["items"] is { } items ? Members(items) : []);
    }

    private IEnumerable<DescribedOperation> Operations() => DescribedOperation.Of(_document);

    [GeneratedRegex(@"/(id|(\{kid\}|getActiveKey)/\w+)(/\$value|/\$count)?\z|/\$query\z")]
    private static partial Regex NotOfTheirOwn();
}

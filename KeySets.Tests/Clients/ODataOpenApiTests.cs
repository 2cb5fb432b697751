using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;
using NJsonSchema;
using NJsonSchema.Validation;

namespace KeySets.Tests.Clients;

/// <summary>
/// npm odata-openapi, by the authors of the mapping of OData to OpenAPI, describes the service from <c>$metadata</c>.
/// </summary>
[TestFixture("application/xml")]
[TestFixture("application/json")]
public sealed class ODataOpenApiTests(string format) : ApiTests
{
    private const string Set = "/trustFramework/keySets/{id_1}";
    private const string Operation = $"{Set}/microsoft.cpim.api.dataModels.";

    private TemporaryFolder? _folder;
    private string _printed = "";
    private JsonObject _document = [];

    [OneTimeSetUp]
    public async Task Convert()
    {
        NodeJs.Require();
        _folder = new TemporaryFolder();
        HttpResponseMessage metadata = await Application.Anonymous.GetAsync("/$metadata", ("Accept", format));
        await File.WriteAllTextAsync(_folder.File("metadata"), await metadata.Content.ReadAsStringAsync());
        _printed = await NodeJs.RunAsync(
            _folder.FullPath, "odata-openapi/lib/cli.js", "--target", "openapi.json", "metadata");
        _document = JsonSerializer.Deserialize<JsonObject>(await File.ReadAllTextAsync(_folder.File("openapi.json")))!;
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();

    [Test]
    public void Is_converted_without_a_warning() => Assert.That(_printed.Trim(), Is.EqualTo("openapi.json"));

    [Test]
    public async Task Is_an_OpenAPI_document()
    {
        string file =
            Path.Combine(NodeJs.Packages, "@apidevtools", "openapi-schemas", "schemas", "v3.0", "schema.json");
        JsonSchema schema = await JsonSchema.FromFileAsync(file);

        ICollection<ValidationError> errors = schema.Validate(_document.ToJsonString());

        Assert.That((string?)_document["openapi"], Does.StartWith("3.0."));
        Assert.That(errors, Is.Empty);
    }

    [TestCase("/trustFramework", "get")]
    [TestCase("/trustFramework/keySets", "get post")]
    [TestCase(Set, "get patch delete")]
    [TestCase($"{Operation}generateKey", "post")]
    [TestCase($"{Operation}uploadSecret", "post")]
    [TestCase($"{Operation}uploadCertificate", "post")]
    [TestCase($"{Operation}uploadPkcs12", "post")]
    [TestCase($"{Operation}getActiveKey()", "get")]
    [TestCase($"{Set}/keys_v2", "get")]
    [TestCase($"{Set}/keys_v2/{{kid_2}}", "get patch delete")]
    [TestCase("/keySets", "get post")]
    [TestCase("/keySets/{id}", "get patch delete")]
    [TestCase("/keySets/{id}/microsoft.cpim.api.dataModels.generateKey", "post")]
    [TestCase("/keySets/{id}/keys_v2/{kid_1}", "get patch delete")]
    [TestCase("/$batch", "post")]
    public void Lists_the_methods_of_a_path(string path, string methods)
    {
        IEnumerable<string> members = _document["paths"]![path]!.AsObject()
            .Select(member => member.Key)
            .Except(["parameters"]);

        Assert.That(string.Join(' ', members), Is.EqualTo(methods));
    }

    [Test]
    public void Lists_the_contained_sets_and_the_entity_set_with_the_same_paths_and_no_others()
    {
        string[] paths = [.. _document["paths"]!.AsObject().Select(path => path.Key)];
        string[] sets = [.. paths.Where(path => path.Contains("/keySets", StringComparison.Ordinal))];

        Assert.That(
            paths.Except(sets),
            Is.EquivalentTo(["/trustFramework", "/trustFramework/keysets.audit.auditEvents()", "/$batch"]));
        Assert.That(
            sets.Where(path => path.StartsWith("/keySets", StringComparison.Ordinal))
                .Select(path => path.Replace("{kid_1}", "{kid_2}").Replace("{id}", "{id_1}")),
            Is.EquivalentTo(sets
                .Where(path => path.StartsWith("/trustFramework/", StringComparison.Ordinal))
                .Select(path => path["/trustFramework".Length..])));
    }

    [TestCase("trustFrameworkKey", "k x5c x5t kty use exp nbf kid e n d p q dp dq qi")]
    [TestCase("trustFrameworkKey_v2", "k x5c x5t kty use exp nbf kid e n d p q dp dq qi status")]
    [TestCase("trustFrameworkKeySet", "id keys keys_v2 keys_v2@odata.count")]
    public void Has_all_members_of_a_type(string type, string members) =>
        Assert.That(Members(Schema(type)), Is.EqualTo(members));

    [Test]
    public void Lists_the_values_of_a_status() => Assert.That(
        Schema("trustFrameworkKeyStatus")["enum"]!.AsArray().Select(value => (string?)value),
        Is.EqualTo(["enabled", "disabled", "unknownFutureValue"]));

    [TestCase("generateKey", "use kty nbf exp")]
    [TestCase("uploadSecret", "use k nbf exp")]
    [TestCase("uploadCertificate", "key")]
    [TestCase("uploadPkcs12", "key password")]
    public void Lists_the_parameters_of_an_operation_and_the_key_that_it_returns(string operation, string parameters)
    {
        JsonNode post = _document["paths"]![$"{Operation}{operation}"]!["post"]!;

        Assert.That(Members(post["requestBody"]!["content"]!["application/json"]!["schema"]!), Is.EqualTo(parameters));
        Assert.That(
            (string?)post["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"],
            Is.EqualTo("#/components/schemas/microsoft.cpim.api.dataModels.trustFrameworkKey"));
    }

    [Test]
    public void Asks_for_a_token()
    {
        Assert.That((string?)_document["components"]!["securitySchemes"]!["Bearer"]!["scheme"], Is.EqualTo("bearer"));
        Assert.That(
            _document["security"]!.AsArray().Select(scheme => (string?)scheme!["Bearer"]![0]),
            Is.EquivalentTo([Permissions.Read, Permissions.ReadWrite, Permissions.ReadAudit]));
    }

    private JsonNode Schema(string type) =>
        _document["components"]!["schemas"]![$"microsoft.cpim.api.dataModels.{type}"]!;

    private static string Members(JsonNode schema) =>
        string.Join(' ', schema["properties"]!.AsObject().Select(member => member.Key));
}

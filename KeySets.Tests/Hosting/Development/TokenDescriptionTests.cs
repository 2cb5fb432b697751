using System.Net;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Development;

/// <summary>A client that knows only the OpenAPI document of Development gets its own token.</summary>
[TestFixture("")]
[TestFixture("/beta")]
public sealed class TokenDescriptionTests(string root)
{
    private readonly KeySetsStandIn _service = new();
    private HttpClient _client = null!;
    private JsonObject _document = null!;

    private JsonObject Flow => _document["components"]!["securitySchemes"]!["oauth2"]!["flows"]!.AsObject();

    [OneTimeSetUp]
    public async Task ReadDocument()
    {
        _client = _service.CreateClient();
        _document = await (await _client.GetAsync($"{root}/openapi/v1.json")).JsonAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Test]
    public void Declares_the_client_credentials_flow_at_the_root_of_the_document()
    {
        Assert.That(Flow.Select(flow => flow.Key), Is.EqualTo(["clientCredentials"]));
        Assert.That(
            (string?)Flow["clientCredentials"]!["tokenUrl"], Is.EqualTo($"http://localhost{root}/oauth2/token"));
        Assert.That(
            Flow["clientCredentials"]!["scopes"]!.AsObject().Select(scope => scope.Key),
            Is.EqualTo([Permissions.Read, Permissions.ReadWrite, Permissions.ReadAudit]));
    }

    [TestCase("createKeySet", HttpStatusCode.Created)]
    [TestCase("listKeySets", HttpStatusCode.OK)]
    [TestCase("listAuditEvents", HttpStatusCode.OK)]
    public async Task Gives_a_token_that_an_operation_takes(string id, HttpStatusCode status)
    {
        DescribedOperation operation = DescribedOperation.Of(_document).Single(operation => operation.Id == id);
        string scope = (string)operation.Content["security"]!.AsArray()
            .Select(requirement => requirement!["oauth2"]?[0])
            .Single(found => found is not null)!;

        HttpResponseMessage granted = await _client.PostAsync(
            (string)Flow["clientCredentials"]!["tokenUrl"]!,
            new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("client_id", "generated"),
                new("client_secret", "anything"),
                new("scope", scope),
            ]));
        using HttpRequestMessage request = operation.Request(operation.Bodies[0]);
        request.Headers.Authorization = new("Bearer", (string)(await granted.JsonAsync())["access_token"]!);

        Assert.That((await _client.SendAsync(request)).StatusCode, Is.EqualTo(status));
    }

    [Test]
    public void Stands_beside_the_token_that_a_client_has_from_elsewhere()
    {
        IEnumerable<string> alternatives = DescribedOperation.Of(_document)
            .Select(operation => operation.Content["security"]!.AsArray())
            .Select(security =>
                string.Join(" or ", security.Select(requirement => requirement!.AsObject().Single().Key)));

        Assert.That(alternatives.Distinct(), Is.EquivalentTo(["", "bearer or oauth2"]));
    }
}

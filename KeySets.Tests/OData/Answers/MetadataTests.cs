using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Answers;

/// <summary><c>GET /$metadata</c> and the service document.</summary>
public sealed class MetadataTests : ApiTests
{
    [TestCase("/$metadata")]
    [TestCase("/beta/$metadata")]
    public async Task Describes_the_service_in_xml(string url)
    {
        HttpResponseMessage response = await Application.Anonymous.GetAsync(url);

        Assert.That(response.Header("Content-Type"), Is.EqualTo("application/xml"));
        Assert.That(
            XDocument.Parse(await response.Content.ReadAsStringAsync()).ToString(),
            Is.EqualTo(Snapshot("metadata.xml")));
    }

    [TestCase("/$metadata", "application/json")]
    [TestCase("/$metadata?$format=json", "*/*")]
    [TestCase("/beta/$metadata", "application/json")]
    public async Task Describes_the_service_in_json(string url, string accept)
    {
        HttpResponseMessage response = await Application.Anonymous.GetAsync(url, ("Accept", accept));

        Assert.That(response.Header("Content-Type"), Does.StartWith("application/json"));
        string json = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.ToString().ReplaceLineEndings("\n");
        Assert.That(json, Is.EqualTo(Snapshot("metadata.json")));
    }

    [Test]
    public async Task Lists_the_members_of_a_key_in_the_documented_order()
    {
        XNamespace edm = "http://docs.oasis-open.org/odata/ns/edm";
        XDocument metadata = XDocument.Parse(await Application.Anonymous.GetStringAsync("/$metadata"));

        XElement key = metadata.Descendants(edm + "ComplexType")
            .Single(type => (string?)type.Attribute("Name") == "trustFrameworkKey");

        IEnumerable<string> documented =
            Documentation.CreateResponse["keys"]![0]!.AsObject().Select(member => member.Key).Skip(1);
        Assert.That(
            key.Elements(edm + "Property").Select(property => (string)property.Attribute("Name")!),
            Is.EqualTo(documented));
    }

    [TestCase("/", "")]
    [TestCase("/beta/", "/beta")]
    public async Task Lists_the_singleton_and_the_entity_set_in_the_service_document(string url, string root)
    {
        HttpResponseMessage response = await Application.Anonymous.GetAsync(url);

        JsonObject document = await response.JsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((string?)document["@odata.context"], Is.EqualTo($"http://localhost{root}/$metadata"));
        Assert.That(
            document["value"]!.ToJsonString(),
            Is.EqualTo(
                """[{"name":"keySets","kind":"EntitySet","url":"keySets"},"""
                + """{"name":"trustFramework","kind":"Singleton","url":"trustFramework"}]"""));
    }

    private static string Snapshot(string name) =>
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Snapshots", name))
            .ReplaceLineEndings("\n")
            .TrimEnd();
}

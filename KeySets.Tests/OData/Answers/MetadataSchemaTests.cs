using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using KeySets.Tests.Support;
using NJsonSchema;
using NJsonSchema.Validation;

namespace KeySets.Tests.OData.Answers;

/// <summary>
/// Validates <c>GET /$metadata</c> against the schemas of CSDL 4.01, copied unchanged from OASIS
/// (oasis-tcs/odata-csdl-schemas).
/// </summary>
public sealed class MetadataSchemaTests : ApiTests
{
    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Schemas");

    [TestCase("/$metadata")]
    [TestCase("/beta/$metadata")]
    public async Task Is_valid_csdl_in_xml(string url)
    {
        XDocument metadata = XDocument.Parse(await Application.Anonymous.GetStringAsync(url));
        List<string> errors = [];

        metadata.Validate(XmlSchemas(), (_, error) => errors.Add(error.Message));

        Assert.That(metadata.Root!.Name, Is.EqualTo(XName.Get("Edmx", "http://docs.oasis-open.org/odata/ns/edmx")));
        Assert.That(errors, Is.Empty);
    }

    [TestCase("/$metadata")]
    [TestCase("/beta/$metadata")]
    public async Task Is_valid_csdl_in_json(string url)
    {
        string metadata = await Application.Anonymous.GetStringAsync($"{url}?$format=json");
        JsonSchema schema = await JsonSchema.FromFileAsync(Path.Combine(Folder, "csdl.schema.json"));

        ICollection<ValidationError> errors = schema.Validate(metadata);

        Assert.That(errors, Is.Empty);
    }

    private static XmlSchemaSet XmlSchemas()
    {
        XmlSchemaSet schemas = new();
        foreach (string name in (string[])["edm.xsd", "edmx.xsd"])
        {
            using XmlReader reader = XmlReader.Create(Path.Combine(Folder, name));
            schemas.Add(null, reader);
        }

        return schemas;
    }
}

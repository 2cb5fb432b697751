using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: <c>@odata.type</c> and other control information.</summary>
public sealed class CreateKeySetTypeTests : ApiTests
{
    [TestCase("@odata.type", "#microsoft.cpim.api.dataModels.trustFrameworkKeySet")]
    [TestCase("@odata.type", "microsoft.cpim.api.dataModels.trustFrameworkKeySet")]
    [TestCase("@odata.type", "http://localhost/$metadata#microsoft.cpim.api.dataModels.trustFrameworkKeySet")]
    [TestCase("@odata.type", "https://keys.example/beta/$metadata#microsoft.cpim.api.dataModels.trustFrameworkKeySet")]
    [TestCase("@type", "#microsoft.cpim.api.dataModels.trustFrameworkKeySet")]
    [TestCase("@odata.context", "anything")]
    [TestCase("keys@odata.type", "#Collection(microsoft.cpim.api.dataModels.trustFrameworkKey)")]
    [TestCase("@my.annotation", "ignored")]
    public async Task Takes_control_information_on_the_set(string name, string value)
    {
        HttpResponseMessage response = await Writer.CreateAsync(new JsonObject { [name] = value });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TestCase("@odata.type", "#microsoft.cpim.api.dataModels.trustFrameworkKey")]
    [TestCase("@odata.type", "microsoft.cpim.api.dataModels.trustFrameworkKey")]
    [TestCase("@type", "microsoft.cpim.api.dataModels.trustFrameworkKey")]
    [TestCase("exp@odata.type", "#Int64")]
    public async Task Takes_control_information_on_a_key(string name, string value)
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            new JsonObject { ["keys"] = new JsonArray(new JsonObject { [name] = value, ["kty"] = "EC" }) });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TestCase("""{"@odata.type":"#microsoft.cpim.api.dataModels.trustFrameworkKey"}""", "@odata.type")]
    [TestCase("""{"@odata.type":"##microsoft.cpim.api.dataModels.trustFrameworkKeySet"}""", "@odata.type")]
    [TestCase("""{"@odata.type":"#microsoft.cpim.api.datamodels.trustframeworkkeyset"}""", "@odata.type")]
    [TestCase("""{"@odata.type":7}""", "@odata.type")]
    [TestCase("""{"@odata.type":"http://localhost/$metadata#Edm.String"}""", "@odata.type")]
    [TestCase("""{"@odata.type":"http://a/x#microsoft.cpim.api.dataModels.trustFrameworkKeySet"}""", "@odata.type")]
    [TestCase("""{"@odata.type":"$metadata#microsoft.cpim.api.dataModels.trustFrameworkKeySet"}""", "@odata.type")]
    [TestCase("""{"@type":"#other"}""", "@type")]
    [TestCase(
        """{"keys":[{"kty":"EC"},{"kty":"EC","@odata.type":"#microsoft.cpim.api.dataModels.trustFrameworkKeySet"}]}""",
        "keys/1/@odata.type")]
    public async Task Refuses_another_type(string body, string target)
    {
        HttpResponseMessage response = await Writer.CreateAsync(body);

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", target);
    }
}

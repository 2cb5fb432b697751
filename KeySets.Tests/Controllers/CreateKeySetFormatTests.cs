using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: media types, versions and preferences.</summary>
public sealed class CreateKeySetFormatTests : ApiTests
{
    private const string Dated = """{"keys":[{"kty":"EC","nbf":1508969811,"exp":9007199254740993}]}""";

    [TestCase("application/json;odata.metadata=none", "application/json; odata.metadata=none")]
    [TestCase("application/json;metadata=none", "application/json; odata.metadata=none")]
    public async Task Writes_no_control_information_at_metadata_none(string accept, string contentType)
    {
        HttpResponseMessage response = await Writer.CreateAsync(Documentation.CreateRequest, ("Accept", accept));

        JsonObject set = await response.JsonAsync();
        Assert.That(response.Header("Content-Type"), Does.StartWith(contentType));
        Assert.That(Names(set), Is.EqualTo(["id", "keys"]));
        Assert.That(Names(set["keys"]![0]!.AsObject()).First(), Is.EqualTo("k"));
    }

    [TestCase(null)]
    [TestCase("*/*")]
    [TestCase("application/json")]
    [TestCase("application/json;odata.metadata=minimal")]
    [TestCase("application/*")]
    [TestCase("text/html, application/json;q=0.5")]
    public async Task Writes_the_types_and_the_etag_at_metadata_minimal(string? accept)
    {
        HttpResponseMessage response = accept is null
            ? await Writer.CreateAsync(Documentation.CreateRequest)
            : await Writer.CreateAsync(Documentation.CreateRequest, ("Accept", accept));

        JsonObject set = await response.JsonAsync();
        Assert.That(
            response.Header("Content-Type"),
            Does.StartWith("application/json; odata.metadata=minimal").And.Not.Contain("charset"));
        Assert.That(Names(set), Is.EqualTo(["@odata.context", "@odata.type", "@odata.etag", "id", "keys"]));
        Assert.That((string?)set["@odata.etag"], Is.EqualTo(response.Header("ETag")));
        Assert.That(
            (string?)set["keys"]![0]!["@odata.type"], Is.EqualTo("microsoft.cpim.api.dataModels.trustFrameworkKey"));
    }

    [TestCase("application/json;odata.metadata=full", "odata.metadata=full")]
    [TestCase("application/json;metadata=full", "metadata=full")]
    public async Task Writes_links_and_types_of_properties_at_metadata_full(string accept, string parameter)
    {
        HttpResponseMessage response = await Writer.CreateAsync(Documentation.CreateRequest, ("Accept", accept));

        JsonObject set = await response.JsonAsync();
        JsonObject key = set["keys"]![0]!.AsObject();
        string link = response.Headers.Location!.AbsolutePath.TrimStart('/');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Header("Content-Type"), Does.Contain(parameter));
            Assert.That((string?)set["@odata.id"], Is.EqualTo(link));
            Assert.That((string?)set["@odata.editLink"], Is.EqualTo(link));
            Assert.That((string?)set["@odata.type"], Is.EqualTo("#microsoft.cpim.api.dataModels.trustFrameworkKeySet"));
            Assert.That(
                (string?)set["keys@odata.type"],
                Is.EqualTo("#Collection(microsoft.cpim.api.dataModels.trustFrameworkKey)"));
            Assert.That((string?)key["@odata.type"], Is.EqualTo("microsoft.cpim.api.dataModels.trustFrameworkKey"));
            Assert.That((string?)key["exp@odata.type"], Is.EqualTo("#Int64"));
        }
    }

    [Test]
    public async Task Answers_in_4_0_unless_the_client_asks_for_more()
    {
        HttpResponseMessage silent = await Writer.CreateAsync("{}");
        HttpResponseMessage asked = await Writer.CreateAsync("{}", ("OData-MaxVersion", "4.0"));

        Assert.That(silent.Header("OData-Version"), Is.EqualTo("4.0"));
        Assert.That(asked.Header("OData-Version"), Is.EqualTo("4.0"));
    }

    [Test]
    public async Task Answers_in_4_01_with_short_names_if_the_client_allows_it()
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            """{"@type":"#microsoft.cpim.api.dataModels.trustFrameworkKeySet","keys":[{"kty":"EC"}]}""",
            ("OData-MaxVersion", "4.01"),
            ("OData-Version", "4.01"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        JsonObject set = await response.JsonAsync();
        Assert.That(response.Header("OData-Version"), Is.EqualTo("4.01"));
        Assert.That(Names(set), Is.EqualTo(["@context", "@type", "@etag", "id", "keys"]));
        Assert.That((string?)set["keys"]![0]!["@type"], Is.EqualTo("microsoft.cpim.api.dataModels.trustFrameworkKey"));
    }

    [TestCase("application/json;charset=utf-8")]
    [TestCase("application/json; charset=\"UTF-8\"; odata.metadata=minimal")]
    public async Task Writes_the_charset_if_the_client_asks_for_it(string accept)
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}", ("Accept", accept));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Header("Content-Type"), Does.EndWith("; charset=utf-8"));
    }

    [TestCase("4.01", "4.01")]
    [TestCase("4.02", "4.01")]
    [TestCase("4.0;NetFx", "4.0")]
    [TestCase("5", "4.01")]
    [TestCase("5.0", "4.01")]
    [TestCase("4.0", "4.0")]
    [TestCase("", "4.0")]
    public async Task Answers_in_the_highest_version_that_the_client_allows(string most, string answered)
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}", ("OData-MaxVersion", most));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Header("OData-Version"), Is.EqualTo(answered));
    }

    [Test]
    public async Task Treats_an_empty_version_as_none()
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}", ("OData-Version", ""));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TestCase("OData-MaxVersion", "3.0")]
    [TestCase("OData-MaxVersion", "new")]
    [TestCase("OData-Version", "3.0")]
    [TestCase("OData-Version", "5.0")]
    public async Task Refuses_versions_that_it_does_not_support(string header, string version)
    {
        HttpResponseMessage response = await Writer.CreateAsync("""{"id":"other-version"}""", (header, version));

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", header);
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/other-version")).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Writes_dates_as_numbers()
    {
        JsonObject set = await (await Writer.CreateAsync(Dated)).JsonAsync();

        Assert.That(set["keys"]![0]!["nbf"]!.GetValueKind(), Is.EqualTo(JsonValueKind.Number));
        Assert.That((long)set["keys"]![0]!["exp"]!, Is.EqualTo(9007199254740993));
    }

    [Test]
    public async Task Writes_dates_as_text_for_a_client_that_accepts_IEEE754Compatible()
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            Dated, ("Accept", "application/json;IEEE754Compatible=true"));

        JsonObject set = await response.JsonAsync();
        Assert.That(response.Header("Content-Type"), Does.Contain("IEEE754Compatible=true"));
        Assert.That((string?)set["keys"]![0]!["nbf"], Is.EqualTo("1508969811"));
        Assert.That((string?)set["keys"]![0]!["exp"], Is.EqualTo("9007199254740993"));
    }

    [Test]
    public async Task Reads_dates_as_text_from_a_client_that_sends_IEEE754Compatible()
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            """{"keys":[{"kty":"EC","nbf":"-3","exp":"9007199254740993"}]}""",
            ("Content-Type", "application/json;IEEE754Compatible=true"));

        JsonObject set = await response.JsonAsync();
        Assert.That((long)set["keys"]![0]!["nbf"]!, Is.EqualTo(-3));
        Assert.That((long)set["keys"]![0]!["exp"]!, Is.EqualTo(9007199254740993));
    }

    [Test]
    public async Task Reads_numbers_too_from_a_client_that_sends_IEEE754Compatible()
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            Dated, ("Content-Type", "application/json;IEEE754Compatible=\"true\""));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TestCase("application/json", "\"3\"")]
    [TestCase("application/json;IEEE754Compatible=false", "\"3\"")]
    [TestCase("application/json;IEEE754Compatible=true", "\"three\"")]
    [TestCase("application/json;IEEE754Compatible=true", "\" 3\"")]
    [TestCase("application/json;IEEE754Compatible=true", "\"9223372036854775808\"")]
    [TestCase("application/json", "9223372036854775808")]
    [TestCase("application/json", "3.5")]
    [TestCase("application/json", "true")]
    public async Task Refuses_dates_that_are_not_64_bit_numbers(string contentType, string date)
    {
        HttpResponseMessage response = await Writer.CreateAsync(
            $$"""{"keys":[{"exp":{{date}}}]}""", ("Content-Type", contentType));

        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "keys/0/exp");
    }

    [TestCase("text/csv")]
    [TestCase("application/xml")]
    [TestCase("application/json;foo=bar")]
    [TestCase("application/json;odata.metadata=some")]
    public async Task Stores_nothing_for_a_client_that_cannot_read_the_answer(string accept)
    {
        HttpResponseMessage response = await Writer.CreateAsync("""{"id":"unread"}""", ("Accept", accept));

        await response.AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/unread")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Forbids_caches_to_store_the_private_members_that_it_echoes()
    {
        HttpResponseMessage response = await Writer.CreateAsync(Documentation.CreateRequest);

        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
    }

    private static IEnumerable<string> Names(JsonObject json) => json.Select(member => member.Key);
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Answers;

/// <summary>The capabilities that <c>GET /$metadata</c> lists, and that the service has them.</summary>
public sealed class CapabilitiesTests : ApiTests
{
    private static readonly Dictionary<string, string> Filters = new()
    {
        ["eq"] = "id eq 'a'",
        ["ne"] = "id ne 'a'",
        ["gt"] = "id gt 'a'",
        ["ge"] = "id ge 'a'",
        ["lt"] = "id lt 'a'",
        ["le"] = "id le 'a'",
        ["in"] = "id in ('a','b')",
        ["and"] = "id eq 'a' and id eq 'b'",
        ["or"] = "id eq 'a' or id eq 'b'",
        ["not"] = "not (id eq 'a')",
        ["add"] = "keys/any(k:k/exp add 1 eq 2)",
        ["sub"] = "keys/any(k:k/exp sub 1 eq 2)",
        ["mul"] = "keys/any(k:k/exp mul 1 eq 2)",
        ["div"] = "keys/any(k:k/exp div 1 eq 2)",
        ["mod"] = "keys/any(k:k/exp mod 1 eq 2)",
        ["any"] = "keys/any()",
        ["all"] = "keys/all(k:k/kty eq 'RSA')",
        ["concat"] = "concat(id,'a') eq 'aa'",
        ["contains"] = "contains(id,'a')",
        ["endswith"] = "endswith(id,'a')",
        ["indexof"] = "indexof(id,'a') eq 0",
        ["length"] = "length(id) eq 1",
        ["startswith"] = "startswith(id,'a')",
        ["substring"] = "substring(id,1) eq 'a'",
        ["tolower"] = "tolower(id) eq 'a'",
        ["toupper"] = "toupper(id) eq 'A'",
        ["trim"] = "trim(id) eq 'a'",
    };

    [Test]
    public async Task Lists_the_capabilities_of_the_service()
    {
        JsonObject container = (await Application.Anonymous.SchemaAsync())["Container"]!.AsObject();

        Assert.That(container.Select(annotation => annotation.Key), Is.SupersetOf((string[])
        [
            "@Core.ODataVersions", "@Capabilities.ConformanceLevel", "@Capabilities.SupportedFormats",
            "@Capabilities.BatchSupport", "@Capabilities.KeyAsSegmentSupported",
            "@Capabilities.AsynchronousRequestsSupported", "@Capabilities.FilterFunctions",
            "@Capabilities.CrossJoinSupported", "@Authorization.Authorizations", "@Authorization.SecuritySchemes",
        ]));
        Assert.That(
            container["@Authorization.SecuritySchemes"]!.AsArray().Select(scheme => Texts(scheme!["RequiredScopes"]!)),
            Is.EqualTo((string[][])
            [
                [KeySetsApplication.Read], [KeySetsApplication.ReadWrite], [KeySetsApplication.ReadAudit],
            ]));
    }

    [Test]
    public async Task Lists_the_capabilities_of_key_sets()
    {
        JsonNode root = (await Application.Anonymous.SchemaAsync())["Container"]!["trustFramework"]!;
        JsonNode keySets = root["@Capabilities.NavigationRestrictions"]!["RestrictedProperties"]![0]!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)keySets["NavigationProperty"], Is.EqualTo("keySets"));
            Assert.That((bool?)keySets["InsertRestrictions"]!["Insertable"], Is.True);
            Assert.That((bool?)keySets["UpdateRestrictions"]!["Upsertable"], Is.True);
            // Null means that the service supports PATCH, and perhaps PUT.
            Assert.That(keySets["UpdateRestrictions"]!["UpdateMethod"], Is.Null);
            foreach (string restrictions in (string[])["Read", "Insert", "Update", "Delete"])
            {
                Assert.That((string?)keySets[$"{restrictions}Restrictions"]!["Description"], Is.Not.Empty);
            }

            Assert.That((bool?)keySets["DeleteRestrictions"]!["Deletable"], Is.True);
            Assert.That((bool?)keySets["FilterRestrictions"]!["Filterable"], Is.True);
            Assert.That((bool?)keySets["SortRestrictions"]!["Sortable"], Is.True);
            Assert.That((bool?)keySets["SearchRestrictions"]!["Searchable"], Is.True);
            Assert.That((bool?)keySets["SelectSupport"]!["Supported"], Is.True);
            Assert.That((bool?)keySets["OptimisticConcurrencyControl"], Is.False);
            Assert.That((bool?)root["@Capabilities.UpdateRestrictions"]!["Updatable"], Is.False);
        }
    }

    [TestCase("trustFramework", "keySets")]
    [TestCase("trustFrameworkKeySet", "keys")]
    public async Task Says_that_clients_can_count_collections(string type, string collection) =>
        Assert.That(
            (bool?)(await Application.Anonymous.SchemaAsync())[type]![collection]!
                ["@Capabilities.CountRestrictions"]!["Countable"],
            Is.True);

    [Test]
    public async Task Serves_every_format_that_it_lists()
    {
        JsonNode container = (await Application.Anonymous.SchemaAsync())["Container"]!;
        foreach (string format in Texts(container["@Capabilities.SupportedFormats"]!))
        {
            HttpResponseMessage response = await Application.Reader.GetAsync(
                HttpExtensions.KeySets, ("Accept", format));

            NameValueHeaderValue[] asked = [.. MediaTypeHeaderValue.Parse(format).Parameters];
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), format);
            Assert.That(response.Content.Headers.ContentType!.Parameters, Is.SupersetOf(asked));
        }
    }

    [Test]
    public async Task Follows_every_operator_and_function_that_it_lists()
    {
        await Writer.CreateAsync("""{"id":"a","keys":[{"kty":"EC","exp":1}]}""");
        JsonNode container = (await Application.Anonymous.SchemaAsync())["Container"]!;
        Assert.That(Texts(container["@Capabilities.FilterFunctions"]!), Is.EquivalentTo(Filters.Keys));

        foreach (string filter in Filters.Values)
        {
            HttpResponseMessage response = await Application.Reader.GetAsync(
                $"{HttpExtensions.KeySets}?$filter={filter}");

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), filter);
        }
    }

    private static IEnumerable<string> Texts(JsonNode array) => array.AsArray().Select(item => (string)item!);
}

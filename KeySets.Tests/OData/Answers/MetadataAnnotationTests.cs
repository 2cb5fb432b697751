using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Api.Keys;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.OData.Edm.Validation;

namespace KeySets.Tests.OData.Answers;

/// <summary>The annotations of types and members in <c>GET /$metadata</c>.</summary>
public sealed class MetadataAnnotationTests : ApiTests
{
    [TestCase("")]
    [TestCase("/beta")]
    public async Task Describes_every_element(string root)
    {
        JsonObject schema = await Application.Anonymous.SchemaAsync(root);

        string[] without =
        [
            .. from type in Objects(schema)
               from element in Objects(type.Value).Prepend(type)
               where (string?)element.Value["@Core.Description"] is not { Length: > 0 }
               select $"{type.Key}/{element.Key}",
        ];

        Assert.That(without, Is.Empty);
    }

    [Test]
    public async Task Cites_the_rfc_of_every_member_of_keys_and_key_sets()
    {
        JsonObject schema = await Application.Anonymous.SchemaAsync();

        string[] without =
        [
            .. from type in (string[])["trustFrameworkKey", "trustFrameworkKeySet"]
               from member in Objects(schema[type]!.AsObject())
               where !((string)member.Value["@Core.Description"]!).Contains("RFC ", StringComparison.Ordinal)
               select member.Key,
        ];

        Assert.That(without, Is.Empty);
    }

    [TestCase("")]
    [TestCase("/beta")]
    public async Task Says_that_private_members_are_write_only(string root)
    {
        JsonObject key = (await Application.Anonymous.SchemaAsync(root))["trustFrameworkKey"]!.AsObject();

        IEnumerable<string> writeOnly = from member in Objects(key)
                                        where (string?)member.Value["@Core.Permissions"] == "Write"
                                        select member.Key;

        Assert.That(writeOnly, Is.EquivalentTo(PrivateMembers.Names));
    }

    [Test]
    public async Task Describes_valid_ids_and_kids()
    {
        JsonObject schema = await Application.Anonymous.SchemaAsync();
        JsonNode id = schema["trustFrameworkKeySet"]!["id"]!;
        Regex pattern = new((string)id["@Validation.Pattern"]!);
        string[] texts = [.. Enumerable.Range(0, 256).Select(code => $"{(char)code}x")];

        using (Assert.EnterMultipleScope())
        {
            Assert.That((bool?)id["@Core.Immutable"], Is.True);
            Assert.That((bool?)id["@Core.ComputedDefaultValue"], Is.True);
            Assert.That(KeySetIds.IsValid(new string('a', (int)id["$MaxLength"]!)), Is.True);
            Assert.That(KeySetIds.IsValid(new string('a', (int)id["$MaxLength"]! + 1)), Is.False);
            Assert.That(texts.Where(text => pattern.IsMatch(text)), Is.EqualTo(texts.Where(KeySetIds.IsValid)));
            Assert.That((int?)schema["trustFrameworkKey"]!["kid"]!["$MaxLength"], Is.EqualTo(Limits.KidLength));
            Assert.That(
                (int?)schema["trustFrameworkKeySet"]!["keys"]!["@Validation.MaxItems"], Is.EqualTo(Limits.KeysOfSet));
        }
    }

    [TestCase("trustFrameworkKey", "x5c")]
    [TestCase("trustFrameworkKeySet", "keys")]
    public async Task Promises_collections_without_nulls(string type, string member) =>
        Assert.That((await Application.Anonymous.SchemaAsync())[type]![member]!["$Nullable"], Is.Null);

    [TestCase("kty", "AllowedValues")]
    [TestCase("use", "AllowedValues")]
    [TestCase("exp", "Minimum")]
    [TestCase("nbf", "Minimum")]
    public async Task Qualifies_the_rules_that_do_not_apply_to_keys_of_other_types(string member, string term)
    {
        JsonObject property = (await Application.Anonymous.SchemaAsync())["trustFrameworkKey"]![member]!.AsObject();

        Assert.That(property.Select(annotation => annotation.Key), Has.One.EqualTo($"@Validation.{term}#checkedKeys"));
        Assert.That(property.Select(annotation => annotation.Key), Has.None.EqualTo($"@Validation.{term}"));
    }

    [Test]
    public void Uses_the_vocabularies_as_they_are_defined()
    {
        KeySetsEdmModel.Build().Validate(out IEnumerable<EdmError> errors);

        // ODataLib takes no string and no number for an Edm.PrimitiveType. It rejects the two values of kty and of use
        // and the minima of exp and nbf, on keys and on keys as entities.
        EdmErrorCode[] known =
            [.. Enumerable.Repeat(EdmErrorCode.ExpressionPrimitiveKindNotValidForAssertedType, 2 * 6)];
        Assert.That(errors.Select(error => error.ErrorCode).ToArray(), Is.EqualTo(known));
    }

    private static IEnumerable<KeyValuePair<string, JsonObject>> Objects(JsonObject parent) =>
        from child in parent
        where child.Value is JsonObject && !child.Key.StartsWith('@')
        select KeyValuePair.Create(child.Key, child.Value!.AsObject());
}

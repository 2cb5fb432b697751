using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace KeySets.Api.OpenApi;

/// <summary>Short forms for the basic schemas.</summary>
internal static class ApiSchema
{
    /// <summary>A text.</summary>
    public static OpenApiSchema String(string? description = null) =>
        new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>A 64-bit number.</summary>
    public static OpenApiSchema Integer(string? description = null) =>
        new() { Type = JsonSchemaType.Integer, Format = "int64", Description = description };

    /// <summary>A schema that only answers have: clients leave the member out of requests.</summary>
    public static OpenApiSchema OnlyInAnswers(OpenApiSchema schema)
    {
        schema.ReadOnly = true;
        return schema;
    }

    /// <summary>A schema that allows null too.</summary>
    /// <remarks>
    /// Microsoft.OpenApi writes null in front of the type, and some generators read the first type alone.
    /// </remarks>
    public static OpenApiSchema OrNull(OpenApiSchema schema)
    {
        JsonArray types = [.. schema.Type!.Value.ToIdentifiers(), "null"];
        schema.Type = null;
        schema.Extensions =
            new Dictionary<string, IOpenApiExtension> { [OpenApiConstants.Type] = new JsonNodeExtension(types) };
        return schema;
    }

    /// <summary>An array.</summary>
    public static OpenApiSchema ArrayOf(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>An object.</summary>
    /// <param name="description">The description; null if the name says enough.</param>
    /// <param name="required">The members that are always there.</param>
    /// <param name="properties">The members in order.</param>
    public static OpenApiSchema Object(
        string? description, string[] required, params (string Name, IOpenApiSchema Schema)[] properties) => new()
        {
            Type = JsonSchemaType.Object,
            Description = description,
            Required = required.ToHashSet(),
            Properties = properties.ToDictionary(property => property.Name, property => property.Schema),
        };

    /// <summary>The annotations that OData JSON adds to a collection.</summary>
    /// <param name="navigation">
    /// The navigation property of the collection; empty if the answer is the collection.
    /// </param>
    public static (string Name, IOpenApiSchema Schema)[] Paging(string navigation = "") =>
    [
        ($"{navigation}@odata.count",
            OnlyInAnswers(Integer("How many there are in all, where $count=true asks for it."))),
        ($"{navigation}@odata.nextLink", OnlyInAnswers(String("The URL of the next page, where there is one."))),
    ];

    /// <summary>A reference to the schema of a name in the document.</summary>
    public static OpenApiSchemaReference Reference(OpenApiDocument document, string name) => new(name, document);
}

using Microsoft.OpenApi;

namespace KeySets.Api.OpenApi;

/// <summary>Short forms of the schemas that others are made of.</summary>
internal static class ApiSchema
{
    /// <summary>A text.</summary>
    public static OpenApiSchema String(string? description = null) => new() { Type = JsonSchemaType.String, Description = description };

    /// <summary>A number of 64 bits.</summary>
    public static OpenApiSchema Integer(string? description = null) =>
        new() { Type = JsonSchemaType.Integer, Format = "int64", Description = description };

    /// <summary>Several of the same.</summary>
    public static OpenApiSchema ArrayOf(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    /// <summary>An object.</summary>
    /// <param name="description">What it is; null where its name says it.</param>
    /// <param name="required">The members that are always there.</param>
    /// <param name="properties">The members in order.</param>
    public static OpenApiSchema Object(string? description, string[] required, params (string Name, IOpenApiSchema Schema)[] properties) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = required.ToHashSet(),
        Properties = properties.ToDictionary(property => property.Name, property => property.Schema),
    };

    /// <summary>What OData JSON says of a collection besides its items.</summary>
    /// <param name="navigation">The navigation property that it is about; empty for the collection that is the answer.</param>
    public static (string Name, IOpenApiSchema Schema)[] Paging(string navigation = "") =>
    [
        ($"{navigation}@odata.count", Integer("How many there are in all, where $count=true asks for it.")),
        ($"{navigation}@odata.nextLink", String("The URL of the next page, where there is one.")),
    ];

    /// <summary>What stands under a name in the document.</summary>
    public static OpenApiSchemaReference Reference(OpenApiDocument document, string name) => new(name, document);
}

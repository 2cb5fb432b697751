using System.Text.Json.Nodes;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Vocabularies;
using Microsoft.OpenApi;

namespace KeySets.Api.OpenApi;

/// <summary>The schemas of the types of <c>/$metadata</c>, with its names, types, descriptions and lengths.</summary>
/// <remarks>
/// Private members are not <c>writeOnly</c>: reads never show them, but the answer to a write that sent them does.
/// Members are not <c>required</c>: clients can omit most of them, and <c>$select</c> omits them from answers.
/// </remarks>
internal static class EdmSchema
{
    /// <summary>The schema of an entity or a complex type.</summary>
    public static OpenApiSchema Of(OpenApiDocument document, IEdmModel model, IEdmStructuredType type)
    {
        OpenApiSchema schema =
            ApiSchema.Object(model.GetDescriptionAnnotation((IEdmVocabularyAnnotatable)type), required: []);
        foreach ((string name, OpenApiSchema annotation) in Annotations((IEdmSchemaType)type))
        {
            schema.Properties!.Add(name, annotation);
        }

        foreach (IEdmProperty property in type.DeclaredProperties)
        {
            schema.Properties!.Add(property.Name, Member(document, model, property));
        }

        foreach ((string name, IOpenApiSchema annotation) in
            type.DeclaredNavigationProperties().SelectMany(navigation => ApiSchema.Paging(navigation.Name)))
        {
            schema.Properties!.Add(name, annotation);
        }

        return schema;
    }

    /// <summary>The schema of an enumeration.</summary>
    public static OpenApiSchema Of(IEdmModel model, IEdmEnumType type) => new()
    {
        Type = JsonSchemaType.String,
        Description = model.GetDescriptionAnnotation(type),
        Enum = [.. type.Members.Select(member => JsonValue.Create(member.Name))],
    };

    private static IEnumerable<(string, OpenApiSchema)> Annotations(IEdmSchemaType type)
    {
        yield return ("@odata.type", ApiSchema.String(
            $"{type.FullName()}, with # in front or without; can be left out."));
        yield return (
            "@odata.context", ApiSchema.OnlyInAnswers(ApiSchema.String("Where what follows is described.")));
        if (type is IEdmEntityType && type.FullTypeName() != KeySetsEdmModel.TrustFrameworkType)
        {
            yield return ("@odata.etag", ApiSchema.OnlyInAnswers(ApiSchema.String("What If-Match takes.")));
        }
    }

    private static IOpenApiSchema Member(OpenApiDocument document, IEdmModel model, IEdmProperty property)
    {
        IOpenApiSchema schema = Of(document, property.Type);
        if (schema is OpenApiSchema own)
        {
            own.Description = model.GetDescriptionAnnotation(property);
            own.ReadOnly = property is IEdmNavigationProperty;
        }

        return schema;
    }

    private static IOpenApiSchema Of(OpenApiDocument document, IEdmTypeReference type) => type switch
    {
        IEdmCollectionTypeReference collection => ApiSchema.ArrayOf(Of(document, collection.ElementType())),
        IEdmPrimitiveTypeReference primitive when type.IsNullable => ApiSchema.OrNull(Of(primitive)),
        IEdmPrimitiveTypeReference primitive => Of(primitive),
        _ => ApiSchema.Reference(document, type.Definition.AsElementType() is IEdmSchemaType named ? named.Name : ""),
    };

    private static OpenApiSchema Of(IEdmPrimitiveTypeReference type) => type.PrimitiveKind() switch
    {
        EdmPrimitiveTypeKind.String =>
            new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = type.AsString().MaxLength },
        EdmPrimitiveTypeKind.DateTimeOffset =>
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
        EdmPrimitiveTypeKind.Guid => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        _ => ApiSchema.Integer(),
    };
}

using System.Reflection;
using System.Text.Json;
using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;

namespace KeySets.Model.Metadata;

/// <summary>Declares in the model what the classes of the contract declare in C#, where <c>?</c> says what can be null.</summary>
/// <remarks>
/// ODataConventionModelBuilder does the same, but takes the texts of every collection for nullable: x5c would promise certificates that
/// are null, which the service refuses.
/// </remarks>
internal sealed class TypeDeclarations(Annotator annotator)
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<Type, IEdmStructuredType> _types = [];

    /// <summary>Declares a type with the members of a class. What they refer to has been declared before.</summary>
    /// <returns>The type.</returns>
    public T Declare<T>(Type source, T type)
        where T : EdmStructuredType, IEdmSchemaElement
    {
        annotator.Model.AddElement(type);
        // From these the OData library knows which class and property is behind what it reads in a request.
        annotator.Model.SetAnnotationValue(type, new ClrTypeAnnotation(source));
        annotator.Describe(type, source.GetCustomAttribute<InMetadataAttribute>()!.Description);
        // As they are declared, which is the order of the members in $metadata and in every answer.
        foreach (PropertyInfo member in source.GetProperties().OrderBy(property => property.MetadataToken))
        {
            if (member.GetCustomAttribute<InMetadataAttribute>() is { } metadata)
            {
                EdmProperty property = Add(type, member, metadata);
                annotator.Model.SetAnnotationValue(property, new ClrPropertyInfoAnnotation(member));
                annotator.Describe(property, metadata.Description);
                if (metadata.IsWriteOnly)
                {
                    annotator.Annotate(property, "Core.Permissions", annotator.Members("Core.Permission", "Write"));
                }
            }
        }

        _types.Add(source, type);
        return type;
    }

    private EdmProperty Add(EdmStructuredType type, PropertyInfo member, InMetadataAttribute metadata)
    {
        string name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
        if (member.PropertyType.GenericTypeArguments is [Type element] && _types.GetValueOrDefault(element) is IEdmEntityType target)
        {
            return type.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo
            {
                Name = name,
                Target = target,
                TargetMultiplicity = EdmMultiplicity.Many,
                ContainsTarget = true,
            });
        }

        EdmStructuralProperty property = type.AddStructuralProperty(name, Reference(_nullability.Create(member), metadata));
        if (type is EdmEntityType entity && name == "id")
        {
            entity.AddKeys(property);
        }

        return property;
    }

    private IEdmTypeReference Reference(NullabilityInfo member, InMetadataAttribute metadata)
    {
        bool isNullable = member.ReadState == NullabilityState.Nullable;
        return member.Type switch
        {
            Type text when text == typeof(string) => EdmCoreModel.Instance.GetString(
                isUnbounded: false, metadata.MaxLength > 0 ? metadata.MaxLength : null, isUnicode: null, isNullable),
            Type number when number == typeof(long?) => EdmCoreModel.Instance.GetInt64(isNullable),
            Type complex when _types.GetValueOrDefault(complex) is IEdmComplexType type => new EdmComplexTypeReference(type, isNullable),
            _ => EdmCoreModel.GetCollection(Reference(member.GenericTypeArguments.Single(), metadata)),
        };
    }
}

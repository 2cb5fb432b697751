using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;

namespace KeySets.Model.Metadata;

/// <summary>
/// Declares the classes of the contract in the model. A member can be null if its C# type has a <c>?</c>.
/// </summary>
/// <remarks>
/// ODataConventionModelBuilder does the same, but declares the strings of every collection as nullable: x5c would allow
/// certificates that are null, which the service refuses.
/// </remarks>
internal sealed class TypeDeclarations(Annotator annotator)
{
    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<Type, IEdmSchemaType> _types = [];

    /// <summary>Declares an enumeration with the members of a C# enumeration.</summary>
    public void DeclareEnum(Type source, string name)
    {
        EdmEnumType type = new(KeySetsEdmModel.Namespace, name);
        annotator.Model.AddElement(type);
        annotator.Describe(type, source.GetCustomAttribute<InMetadataAttribute>()!.Description);
        annotator.Model.SetAnnotationValue(type, new ClrTypeAnnotation(source));
        annotator.Model.SetAnnotationValue(
            type,
            new ClrEnumMemberAnnotation(Enum.GetValues(source).Cast<Enum>().ToDictionary(
                value => value,
                value => (IEdmEnumMember)type.AddMember(
                    CamelCase($"{value}"),
                    new EdmEnumMemberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture))))));
        _types.Add(source, type);
    }

    /// <summary>Declares a type with the members of a class. Their types have been declared before.</summary>
    /// <param name="source">The class.</param>
    /// <param name="type">The type.</param>
    /// <param name="original">A class that has the same members, with the attributes that the source lacks.</param>
    /// <returns>The type.</returns>
    public T Declare<T>(Type source, T type, Type? original = null)
        where T : EdmStructuredType, IEdmSchemaType
    {
        annotator.Model.AddElement(type);
        // This annotation, and the one of each property, map the model to C# for ASP.NET Core OData.
        annotator.Model.SetAnnotationValue(type, new ClrTypeAnnotation(source));
        annotator.Describe(type, source.GetCustomAttribute<InMetadataAttribute>()!.Description);
        // In the order of their declaration, which becomes the order in $metadata and in every answer.
        foreach (PropertyInfo member in source.GetProperties().OrderBy(property => property.MetadataToken))
        {
            InMetadataAttribute? metadata = member.GetCustomAttribute<InMetadataAttribute>()
                ?? original?.GetProperty(member.Name)?.GetCustomAttribute<InMetadataAttribute>();
            if (metadata is not null)
            {
                EdmProperty property = Add(type, member, metadata);
                annotator.Model.SetAnnotationValue(property, new ClrPropertyInfoAnnotation(member));
                annotator.Describe(property, metadata.Description);
                if (PrivateMembers.Names.Contains(property.Name))
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
        string name = metadata.Name ?? CamelCase(member.Name);
        if (member.PropertyType.GenericTypeArguments is [Type element]
            && _types.GetValueOrDefault(element) is IEdmEntityType target)
        {
            return type.AddUnidirectionalNavigation(new EdmNavigationPropertyInfo
            {
                Name = name,
                Target = target,
                TargetMultiplicity = EdmMultiplicity.Many,
                ContainsTarget = true,
            });
        }

        EdmStructuralProperty property =
            type.AddStructuralProperty(name, Reference(_nullability.Create(member), metadata));
        if (type is EdmEntityType entity && metadata.IsKey)
        {
            entity.AddKeys(property);
        }

        return property;
    }

    private static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    private IEdmTypeReference Reference(NullabilityInfo member, InMetadataAttribute metadata)
    {
        bool isNullable = member.ReadState == NullabilityState.Nullable;
        return member.Type switch
        {
            Type text when text == typeof(string) => EdmCoreModel.Instance.GetString(
                isUnbounded: false, metadata.MaxLength > 0 ? metadata.MaxLength : null, isUnicode: null, isNullable),
            Type number when number == typeof(long?) || number == typeof(long) =>
                EdmCoreModel.Instance.GetInt64(isNullable),
            Type moment when moment == typeof(DateTimeOffset) => EdmCoreModel.Instance.GetTemporal(
                EdmPrimitiveTypeKind.DateTimeOffset, precision: 3, isNullable),
            Type id when id == typeof(Guid?) => EdmCoreModel.Instance.GetGuid(isNullable),
            Type enumeration when _types.GetValueOrDefault(enumeration) is IEdmEnumType type =>
                new EdmEnumTypeReference(type, isNullable),
            Type complex when _types.GetValueOrDefault(complex) is IEdmComplexType type =>
                new EdmComplexTypeReference(type, isNullable),
            _ => EdmCoreModel.GetCollection(Reference(member.GenericTypeArguments.Single(), metadata)),
        };
    }
}

using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Vocabularies;

namespace KeySets.Model.Metadata;

/// <summary>The expressions of annotations, with short names.</summary>
internal static class Expressions
{
    /// <summary>Yes.</summary>
    public static IEdmExpression True { get; } = new EdmBooleanConstant(true);

    /// <summary>No.</summary>
    public static IEdmExpression False { get; } = new EdmBooleanConstant(false);

    /// <summary>A text.</summary>
    public static IEdmExpression Text(string value) => new EdmStringConstant(value);

    /// <summary>A number.</summary>
    public static IEdmExpression Number(long value) => new EdmIntegerConstant(value);

    /// <summary>Texts.</summary>
    public static IEdmExpression Texts(params IEnumerable<string> values) => List(values.Select(Text));

    /// <summary>Properties, by their paths from the annotated element.</summary>
    public static IEdmExpression Properties(params IEnumerable<string> paths) => List(paths.Select(Property));

    /// <summary>A property, by its path from the annotated element.</summary>
    public static IEdmExpression Property(string path) => new EdmPropertyPathExpression(path);

    /// <summary>A navigation property, by its path from the annotated element.</summary>
    public static IEdmExpression NavigationProperty(string path) => new EdmNavigationPropertyPathExpression(path);

    /// <summary>A list.</summary>
    public static IEdmExpression List(params IEnumerable<IEdmExpression> items) => new EdmCollectionExpression(items);

    /// <summary>A record.</summary>
    public static IEdmExpression Record(params IEnumerable<(string Name, IEdmExpression Value)> properties) =>
        new EdmRecordExpression(
            properties.Select(property => new EdmPropertyConstructor(property.Name, property.Value)));
}

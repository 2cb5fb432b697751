namespace KeySets.Model;

/// <summary>
/// Makes a class, an enumeration or a property part of the entity data model, with facts that its C# declaration lacks.
/// </summary>
/// <param name="description">
/// Its description in <c>/$metadata</c>: its meaning, and the section of the RFC that defines it.
/// </param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Enum | AttributeTargets.Property)]
internal sealed class InMetadataAttribute(string description) : Attribute
{
    /// <summary>Its description in <c>/$metadata</c>.</summary>
    public string Description { get; } = description;

    /// <summary>Its name, if that is not the C# name in camel case.</summary>
    public string? Name { get; init; }

    /// <summary>The most characters of a text; 0 for no limit.</summary>
    public int MaxLength { get; init; }

    /// <summary>Whether it is the key of its entity, in the sense of OData.</summary>
    public bool IsKey { get; init; }
}

namespace KeySets.Model;

/// <summary>
/// Makes a class, an enumeration or a property part of the entity data model, with what its declaration does not say by
/// itself.
/// </summary>
/// <param name="description">
/// What <c>/$metadata</c> says of it: its meaning, and the section of the RFC that it is from.
/// </param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Enum | AttributeTargets.Property)]
internal sealed class InMetadataAttribute(string description) : Attribute
{
    /// <summary>What <c>/$metadata</c> says of it.</summary>
    public string Description { get; } = description;

    /// <summary>Its name, where that is not the C# name in camel case.</summary>
    public string? Name { get; init; }

    /// <summary>The most characters of a text; 0 where there is no limit.</summary>
    public int MaxLength { get; init; }

    /// <summary>Whether it is the key of its entity, in the sense of OData.</summary>
    public bool IsKey { get; init; }
}

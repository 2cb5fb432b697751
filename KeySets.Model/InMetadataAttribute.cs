namespace KeySets.Model;

/// <summary>Makes a class or property part of the entity data model, with what its declaration does not say by itself.</summary>
/// <param name="description">What <c>/$metadata</c> says of it: its meaning, and the section of the RFC that it is from.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property)]
internal sealed class InMetadataAttribute(string description) : Attribute
{
    /// <summary>What <c>/$metadata</c> says of it.</summary>
    public string Description { get; } = description;

    /// <summary>The most characters of a text; 0 where there is no limit.</summary>
    public int MaxLength { get; init; }

    /// <summary>Whether clients send it and never read it.</summary>
    public bool IsWriteOnly { get; init; }
}

namespace KeySets.Tests.OData.Conformance;

/// <summary>The row of the conformance table that a test covers.</summary>
/// <param name="name">The section's letter and the number, such as <c>A1</c>.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RowAttribute(string name) : PropertyAttribute("Row", name)
{
    /// <summary>The section's letter and the number.</summary>
    public string Name { get; } = name;
}

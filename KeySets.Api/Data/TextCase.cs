using System.Reflection;

namespace KeySets.Api.Data;

/// <summary>
/// Lower and upper case of all letters in a query (OData URL Conventions section 5.1.1.7). Databases differ in how they
/// name a function for it, since their own often know the letters A to Z only.
/// </summary>
public static class TextCase
{
    /// <summary><see cref="ToLower"/>, for expressions.</summary>
    public static MethodInfo LowerMethod { get; } = typeof(TextCase).GetMethod(nameof(ToLower))!;

    /// <summary><see cref="ToUpper"/>, for expressions.</summary>
    public static MethodInfo UpperMethod { get; } = typeof(TextCase).GetMethod(nameof(ToUpper))!;

    /// <summary>The text in lower case. EF Core translates the call; it never runs.</summary>
    public static string? ToLower(string? text) => throw new NotSupportedException();

    /// <summary>The text in upper case. EF Core translates the call; it never runs.</summary>
    public static string? ToUpper(string? text) => throw new NotSupportedException();
}

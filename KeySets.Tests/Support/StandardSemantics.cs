namespace KeySets.Tests.Support;

/// <summary>
/// The semantics of values in queries (OData URL Conventions section 5.1.1, Protocol section 11.2.6.2), in the plainest
/// code.
/// </summary>
public static class StandardSemantics
{
    /// <summary>Whether a comparison holds. Nothing is greater or less than null.</summary>
    public static bool IsSo(string comparison, object? left, object? right) => (comparison, left, right) switch
    {
        ("eq", _, _) => Equals(left, right),
        ("ne", _, _) => !Equals(left, right),
        (_, null, _) or (_, _, null) => false,
        ("gt", _, _) => Compare(left, right) > 0,
        ("ge", _, _) => Compare(left, right) >= 0,
        ("lt", _, _) => Compare(left, right) < 0,
        _ => Compare(left, right) <= 0,
    };

    /// <summary>The order of two values: null comes first; texts compare by their code units.</summary>
    public static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string one, string other) => string.CompareOrdinal(one, other),
        var (one, other) => Comparer<object>.Default.Compare(one, other),
    };

    /// <summary>The characters of a text. In .NET each has one or two UTF-16 code units.</summary>
    public static string[] Characters(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];
}

using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace KeySets.Model;

/// <summary>
/// The private members of a key, which leave the service only in the answer to the write that carried them. This record
/// is the only list of them: <c>/$metadata</c>, the database, queries and answers derive theirs from it.
/// </summary>
/// <param name="K">The value of an oct key (RFC 7518 section 6.4.1).</param>
/// <param name="D">The private exponent of an RSA key (RFC 7518 section 6.3.2.1).</param>
/// <param name="P">Its first prime factor (RFC 7518 section 6.3.2.2).</param>
/// <param name="Q">Its second prime factor (RFC 7518 section 6.3.2.3).</param>
/// <param name="Dp">d modulo p - 1 (RFC 7518 section 6.3.2.4).</param>
/// <param name="Dq">d modulo q - 1 (RFC 7518 section 6.3.2.5).</param>
/// <param name="Qi">The inverse of q modulo p (RFC 7518 section 6.3.2.6).</param>
public sealed record PrivateMembers(string? K, string? D, string? P, string? Q, string? Dp, string? Dq, string? Qi)
{
    private static readonly PrivateMembers None = new(null, null, null, null, null, null, null);

    /// <summary>The properties of <see cref="TrustFrameworkKey"/> that hold the private members.</summary>
    public static IReadOnlyList<PropertyInfo> Properties { get; } =
    [
        .. typeof(PrivateMembers).GetConstructors().Single().GetParameters()
            .Select(parameter => typeof(TrustFrameworkKey).GetProperty(parameter.Name!)!),
    ];

    /// <summary>The names of the private members in JSON.</summary>
    public static FrozenSet<string> Names { get; } = InOrder.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The names for a sentence: "k, d, p, q, dp, dq and qi".</summary>
    public static string List { get; } = $"{string.Join(", ", InOrder.SkipLast(1))} and {InOrder.Last()}";

    private static IEnumerable<string> InOrder =>
        Properties.Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

    /// <summary>The private members of a key; null if it has none.</summary>
    public static PrivateMembers? Of(TrustFrameworkKey key)
    {
        PrivateMembers members = new(key.K, key.D, key.P, key.Q, key.Dp, key.Dq, key.Qi);
        return members == None ? null : members;
    }

    /// <summary>Removes the private members from a key.</summary>
    public static void RemoveFrom(TrustFrameworkKey key)
    {
        foreach (PropertyInfo property in Properties)
        {
            property.SetValue(key, null);
        }
    }

    /// <summary>Shows no value, so that log lines and messages show none either.</summary>
    public override string ToString() => nameof(PrivateMembers);
}

using System.Collections.Frozen;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>The members of a key that leave the service only in the answer to the write that carried them.</summary>
/// <param name="K">The value of an oct key.</param>
/// <param name="D">The private exponent of an RSA key.</param>
/// <param name="P">Its first prime factor.</param>
/// <param name="Q">Its second prime factor.</param>
/// <param name="Dp">d modulo p - 1.</param>
/// <param name="Dq">d modulo q - 1.</param>
/// <param name="Qi">The inverse of q modulo p.</param>
public sealed record PrivateMembers(string? K, string? D, string? P, string? Q, string? Dp, string? Dq, string? Qi)
{
    /// <summary>The names of these members in JSON.</summary>
    public static FrozenSet<string> Names { get; } = FrozenSet.Create(StringComparer.Ordinal, "k", "d", "p", "q", "dp", "dq", "qi");

    private static readonly PrivateMembers None = new(null, null, null, null, null, null, null);

    /// <summary>The private members of a key; null where it has none.</summary>
    public static PrivateMembers? Of(TrustFrameworkKey key)
    {
        PrivateMembers members = new(key.K, key.D, key.P, key.Q, key.Dp, key.Dq, key.Qi);
        return members == None ? null : members;
    }

    /// <summary>Takes the private members off a key.</summary>
    public static void RemoveFrom(TrustFrameworkKey key) =>
        (key.K, key.D, key.P, key.Q, key.Dp, key.Dq, key.Qi) = (null, null, null, null, null, null, null);

    /// <summary>Says nothing of the values, so that no log line or message can.</summary>
    public override string ToString() => nameof(PrivateMembers);
}

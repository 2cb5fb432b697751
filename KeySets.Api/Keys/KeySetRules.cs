using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// The rules for a key set before it is stored. Keys of an unknown kty are kept as they are.
/// </summary>
public static class KeySetRules
{
    /// <summary>
    /// The most characters in all public members of a set to which a key is added. The limit of the body bounds a set
    /// that comes in one body.
    /// </summary>
    public const int MaximumCharacters = 1024 * 1024;

    /// <summary>Checks every key by itself and against the others, and gives a kid to each that has none.</summary>
    /// <param name="keys">All keys of the set.</param>
    /// <param name="path">The path of the keys in the body, for the refusal.</param>
    /// <param name="canLackSecrets">
    /// Whether oct keys may come without their values, until <see cref="AdmitInPlaceOf"/> has the keys of the set.
    /// </param>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Admit(IList<TrustFrameworkKey> keys, string path = "keys", bool canLackSecrets = false)
    {
        if (keys.Count > Limits.KeysOfSet)
        {
            throw Refusal.TooManyKeys(path, Limits.KeysOfSet);
        }

        HashSet<string> kids = new(keys.Count, StringComparer.Ordinal);
        foreach ((int index, TrustFrameworkKey key) in keys.Index())
        {
            KeyRules.Check(key, $"{path}/{index}", canLackSecrets);
            key.Kid ??= Kid.For(key);
            if (!kids.Add(key.Kid))
            {
                throw Refusal.RepeatedKid($"{path}/{index}/kid");
            }
        }

        RefuseMixtures(keys, path);
    }

    /// <summary>Checks that an oct key that comes without its value is the key with its kid in the set.</summary>
    /// <param name="stored">The keys of the set; empty if there is none.</param>
    /// <param name="keys">The keys that replace them.</param>
    /// <param name="path">The path of the keys in the body, for the refusal.</param>
    /// <exception cref="RefusalException">400: it is not.</exception>
    public static void AdmitInPlaceOf(IList<TrustFrameworkKey> stored, IList<TrustFrameworkKey> keys, string path)
    {
        foreach ((int index, TrustFrameworkKey key) in keys.Index())
        {
            if (KeyRules.IsOct(key) && key.K is null
                && !stored.Any(other => other.Kid == key.Kid && KeyRules.IsOct(other)))
            {
                throw Refusal.MissingSymmetricKey($"{path}/{index}/k");
            }
        }
    }

    /// <summary>
    /// Checks one key by itself, before the service reads the set that it joins, and gives it a kid if it has none.
    /// </summary>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Admit(TrustFrameworkKey key)
    {
        KeyRules.Check(key, path: "");
        key.Kid ??= Kid.For(key);
    }

    /// <summary>Checks an admitted key against the keys of the set that it joins.</summary>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void AdmitBeside(IList<TrustFrameworkKey> keys, TrustFrameworkKey key)
    {
        if (keys.Count >= Limits.KeysOfSet)
        {
            throw Refusal.TooManyKeys("keys", Limits.KeysOfSet);
        }

        RefuseTooLarge(keys, key);
        if (keys.Any(other => other.Kid == key.Kid))
        {
            throw Refusal.RepeatedKid("kid");
        }

        RefuseMixtures([.. keys, key], "keys");
    }

    /// <summary>
    /// The key of a set that is the same RSA key as another one: a new certificate of it renews that of the set.
    /// </summary>
    /// <returns>The key, the one with the same kid first; null if the set does not have it.</returns>
    public static TrustFrameworkKey? Same(IEnumerable<TrustFrameworkKey> keys, TrustFrameworkKey key) => keys
        .Where(other => KeyRules.IsRsa(other) && other.N == key.N && other.E == key.E)
        .MaxBy(other => other.Kid == key.Kid);

    /// <summary>
    /// Checks an admitted key with its certificates against the keys of the set that it joins, or in which it renews
    /// the certificates of the same key.
    /// </summary>
    /// <exception cref="RefusalException">400, 413: the first rule that is broken.</exception>
    public static void AdmitCertificate(IList<TrustFrameworkKey> keys, TrustFrameworkKey key)
    {
        if (Same(keys, key) is { } known)
        {
            RefuseTooLarge(keys.Except([known]), key);
        }
        else
        {
            AdmitBeside(keys, key);
        }
    }

    private static void RefuseTooLarge(IEnumerable<TrustFrameworkKey> others, TrustFrameworkKey key)
    {
        if (others.Append(key).Sum(member => member.CountPublicCharacters()) > MaximumCharacters)
        {
            throw Refusal.KeySetTooLarge(MaximumCharacters);
        }
    }

    private static void RefuseMixtures(IList<TrustFrameworkKey> keys, string path)
    {
        if (keys.Any(KeyRules.IsRsa) && keys.Any(KeyRules.IsOct))
        {
            throw Refusal.MixedKeyTypes(path);
        }

        TrustFrameworkKey[] known = [.. keys.Where(KeyRules.IsKnown)];
        if (known.Any(key => key.Use is KeyRules.Signature) && known.Any(key => key.Use is KeyRules.Encryption))
        {
            throw Refusal.MixedUses(path);
        }
    }
}

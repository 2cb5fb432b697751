using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>What the service demands of a key set before it keeps it. Keys of an unknown kty are kept as they are.</summary>
public static class KeySetRules
{
    /// <summary>The most keys that a set holds.</summary>
    public const int MaximumKeys = 100;

    /// <summary>Checks every key by itself and against the others, and gives a kid to each that has none.</summary>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Admit(IList<TrustFrameworkKey> keys)
    {
        if (keys.Count > MaximumKeys)
        {
            throw Refusal.TooManyKeys(MaximumKeys);
        }

        HashSet<string> kids = new(keys.Count, StringComparer.Ordinal);
        foreach ((int index, TrustFrameworkKey key) in keys.Index())
        {
            KeyRules.Check(key, $"keys/{index}");
            key.Kid ??= Kid.For(key);
            if (!kids.Add(key.Kid))
            {
                throw Refusal.RepeatedKid($"keys/{index}/kid");
            }
        }

        RefuseMixtures(keys);
    }

    private static void RefuseMixtures(IList<TrustFrameworkKey> keys)
    {
        if (keys.Any(KeyRules.IsRsa) && keys.Any(KeyRules.IsOct))
        {
            throw Refusal.MixedKeyTypes();
        }

        TrustFrameworkKey[] known = [.. keys.Where(KeyRules.IsKnown)];
        if (known.Any(key => key.Use is KeyRules.Signature) && known.Any(key => key.Use is KeyRules.Encryption))
        {
            throw Refusal.MixedUses();
        }
    }
}

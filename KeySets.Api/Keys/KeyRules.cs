using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>The rules for a single key, by its kty.</summary>
public static class KeyRules
{
    /// <summary>The type of an RSA key (RFC 7518 section 6.1).</summary>
    public const string Rsa = "RSA";

    /// <summary>The type of a symmetric key (RFC 7518 section 6.1).</summary>
    public const string Oct = "oct";

    /// <summary>The use of a key that signs or verifies.</summary>
    public const string Signature = "sig";

    /// <summary>The use of a key that encrypts or decrypts.</summary>
    public const string Encryption = "enc";

    /// <summary>
    /// The longest value of an oct key, in bytes. The shortest has one byte: shared secrets can have any length.
    /// </summary>
    public const int MaximumSymmetricBytes = 4096;

    /// <summary>Whether the key is an RSA key; clients write the kty in any case.</summary>
    public static bool IsRsa(TrustFrameworkKey key) => Rsa.Equals(key.Kty, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the key is a symmetric key; clients write the kty in any case.</summary>
    public static bool IsOct(TrustFrameworkKey key) => Oct.Equals(key.Kty, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the service checks keys of this type. It keeps a key of any other type as it is.</summary>
    public static bool IsKnown(TrustFrameworkKey key) => IsRsa(key) || IsOct(key);

    /// <summary>Checks a key.</summary>
    /// <param name="key">The key. If its kty is unknown, only the presence of kty and the kid are checked.</param>
    /// <param name="path">
    /// The path of the key in the body, such as <c>keys/0</c>, for the refusal; empty if the key is the whole body.
    /// </param>
    /// <param name="canLackSecret">Whether an oct key may come without its value, which the set may have.</param>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Check(TrustFrameworkKey key, string path, bool canLackSecret = false)
    {
        if (string.IsNullOrEmpty(key.Kty))
        {
            throw Refusal.MissingKeyType($"{path}/kty");
        }

        // Clients resolve a dot segment before they send the URL (RFC 3986 section 5.2.4): DELETE of such a key would
        // reach its set.
        if (key.Kid is { Length: 0 or > Limits.KidLength } or "." or "..")
        {
            throw Refusal.BadKid($"{path}/kid", Limits.KidLength);
        }

        if (!IsKnown(key))
        {
            return;
        }

        CheckUseAndDates(key.Use, key.Nbf, key.Exp, path);
        if (IsRsa(key))
        {
            RsaKeyRules.Check(key, path);
        }
        else if (key.K is not null || !canLackSecret)
        {
            CheckSymmetricKey(key, path);
        }
    }

    /// <summary>
    /// Checks use and dates before the service makes a key. Only here must the key be valid at some time: a finished
    /// key that a client sends may be history.
    /// </summary>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void CheckNew(string use, long? nbf, long? exp)
    {
        CheckUseAndDates(use, nbf, exp, path: "");
        if (exp <= nbf)
        {
            throw Refusal.NeverValid(KeySetOperations.Exp);
        }
    }

    private static void CheckUseAndDates(string? use, long? nbf, long? exp, string path)
    {
        if (use is not (null or Signature or Encryption))
        {
            throw Refusal.BadUse($"{path}/use");
        }

        if (nbf < 0 || exp < 0)
        {
            throw Refusal.NegativeDate(nbf < 0 ? $"{path}/nbf" : $"{path}/exp");
        }
    }

    private static void CheckSymmetricKey(TrustFrameworkKey key, string path)
    {
        if (key.K is null)
        {
            throw Refusal.MissingSymmetricKey($"{path}/k");
        }

        if (Base64UrlText.Decode(key.K) is not { Length: > 0 and <= MaximumSymmetricBytes })
        {
            throw Refusal.BadSymmetricKey($"{path}/k", MaximumSymmetricBytes);
        }
    }
}

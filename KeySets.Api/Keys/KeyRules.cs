using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>What the service demands of one key, by its kty.</summary>
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
    /// The longest value of an oct key, in bytes. Shared secrets of any length are kept, so there is no minimum but
    /// one.
    /// </summary>
    public const int MaximumSymmetricBytes = 4096;

    /// <summary>Whether the key is an RSA key; clients write the kty in any case.</summary>
    public static bool IsRsa(TrustFrameworkKey key) => Rsa.Equals(key.Kty, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the key is a symmetric key; clients write the kty in any case.</summary>
    public static bool IsOct(TrustFrameworkKey key) => Oct.Equals(key.Kty, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the key is of a type that is checked; a key of any other type is kept as it is.</summary>
    public static bool IsKnown(TrustFrameworkKey key) => IsRsa(key) || IsOct(key);

    /// <summary>Checks a key.</summary>
    /// <param name="key">The key; one of an unknown kty is only asked for a kty and a kid of sane length.</param>
    /// <param name="path">
    /// Where the key stands, such as <c>keys/0</c>, for the refusal to point there; empty where it is the whole body.
    /// </param>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Check(TrustFrameworkKey key, string path)
    {
        if (string.IsNullOrEmpty(key.Kty))
        {
            throw Refusal.MissingKeyType($"{path}/kty");
        }

        // A dot segment in a URL is resolved before it is sent (RFC 3986 section 5.2.4): DELETE of the key would reach
        // its set.
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
        else
        {
            CheckSymmetricKey(key, path);
        }
    }

    /// <summary>
    /// Checks what is wanted of a key before it is made: more than of a key that comes as it is, which may be history
    /// and is not asked whether it was ever valid.
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

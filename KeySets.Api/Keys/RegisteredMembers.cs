using System.Buffers.Text;
using System.Security.Cryptography;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// The members of a JSON Web Key that are registered (RFC 7517 section 4, W3C WebCrypto) and that the contract lacks.
/// The service does not keep them (RFC 7517 section 4: members that are not understood are ignored), but it refuses a
/// key that they contradict.
/// </summary>
public sealed class RegisteredMembers
{
    // RFC 7518 sections 3.1, 4.1 and 5.1, by the beginning of their names.
    private static readonly (string Prefix, string Kty, string? Use)[] Algorithms =
    [
        ("RS", KeyRules.Rsa, KeyRules.Signature),
        ("PS", KeyRules.Rsa, KeyRules.Signature),
        ("RSA", KeyRules.Rsa, KeyRules.Encryption),
        ("HS", KeyRules.Oct, KeyRules.Signature),
        ("A1", KeyRules.Oct, KeyRules.Encryption),
        ("A2", KeyRules.Oct, KeyRules.Encryption),
        ("PBES2", KeyRules.Oct, KeyRules.Encryption),
        ("dir", KeyRules.Oct, KeyRules.Encryption),
        ("ES", "EC", KeyRules.Signature),
        ("ECDH", "EC", KeyRules.Encryption),
        ("Ed", "OKP", KeyRules.Signature),
    ];

    private static readonly string[] SignatureOperations = ["sign", "verify"];
    private static readonly string[] EncryptionOperations =
        ["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"];

    /// <summary>alg: the algorithm (RFC 7517 section 4.4).</summary>
    public string? Alg { get; set; }

    /// <summary>key_ops: the operations (RFC 7517 section 4.3).</summary>
    public IList<string> KeyOps { get; } = [];

    /// <summary>x5t#S256: the SHA-256 thumbprint of the first certificate (RFC 7517 section 4.9).</summary>
    public string? X5tS256 { get; set; }

    /// <summary>Checks that the members do not contradict a key of a known kty.</summary>
    /// <param name="key">The key, not checked yet.</param>
    /// <param name="path">The path of the key in the body; empty if the key is the whole body.</param>
    /// <exception cref="RefusalException">400: the first contradiction.</exception>
    public void Check(TrustFrameworkKey key, string path)
    {
        if (!KeyRules.IsKnown(key))
        {
            return;
        }

        // RSA-OAEP begins as RS256 does: the longest prefix counts.
        (string? prefix, string? kty, string? use) = Algorithms
            .Where(algorithm => Alg?.StartsWith(algorithm.Prefix, StringComparison.Ordinal) == true)
            .OrderByDescending(algorithm => algorithm.Prefix.Length)
            .FirstOrDefault();
        if (prefix is not null && (!string.Equals(kty, key.Kty, StringComparison.OrdinalIgnoreCase)
            || (key.Use is not null && key.Use != use)))
        {
            throw Refusal.ContradictoryMember($"{path}/alg");
        }

        string[] others = key.Use switch
        {
            KeyRules.Signature => EncryptionOperations,
            KeyRules.Encryption => SignatureOperations,
            _ => [],
        };
        if (KeyOps.Any(others.Contains) || KeyOps.Distinct().Count() < KeyOps.Count)
        {
            throw Refusal.ContradictoryMember($"{path}/key_ops");
        }

        if (X5tS256 is not null && (Base64UrlText.Decode(X5tS256) is not { Length: SHA256.HashSizeInBytes }
            || (key.X5c is [string first, ..] && X5tS256 != ThumbprintOf(first))))
        {
            throw Refusal.ContradictoryMember($"{path}/x5t#S256");
        }
    }

    /// <returns>
    /// The thumbprint; null if the certificate is not base64, which the rules for certificates refuse.
    /// </returns>
    private static string? ThumbprintOf(string certificate)
    {
        byte[] der = new byte[certificate.Length];
        return Convert.TryFromBase64String(certificate, der, out int length)
            ? Base64Url.EncodeToString(SHA256.HashData(der.AsSpan(0, length)))
            : null;
    }
}

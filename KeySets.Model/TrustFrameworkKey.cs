namespace KeySets.Model;

/// <summary>
/// A JSON Web Key (RFC 7517 section 4) in the order in which the API documents its members.
/// Binary values are base64url without padding (RFC 7515 section 2) unless a member says otherwise.
/// </summary>
[InMetadata(
    "A JSON Web Key (RFC 7517 section 4). "
    + "Binary values are base64url without padding (RFC 7515 section 2) unless a member says otherwise.")]
public sealed class TrustFrameworkKey
{
    /// <summary>Private: the value of a symmetric key (RFC 7518 section 6.4.1).</summary>
    [InMetadata(
        "The value of a symmetric key, 1 to 4096 bytes (RFC 7518 section 6.4.1). "
        + "Sealed at rest; only the answer to the write that carried it shows it.")]
    public string? K { get; set; }

    /// <summary>
    /// The certificate chain, each certificate as base64 (not base64url) of its DER (RFC 7517 section 4.7); empty,
    /// never null.
    /// </summary>
    [InMetadata(
        "The certificate chain, each certificate as base64, not base64url, of its DER; the first is that of the key "
        + "(RFC 7517 section 4.7).")]
    public IList<string> X5c { get; init; } = [];

    /// <summary>The SHA-1 thumbprint of the first certificate's DER (RFC 7517 section 4.8).</summary>
    [InMetadata("The SHA-1 thumbprint of the first certificate's DER (RFC 7517 section 4.8).")]
    public string? X5t { get; set; }

    /// <summary>
    /// The key type (RFC 7517 section 4.1). Keys of type RSA and oct, in any case, are checked; others are kept as is.
    /// </summary>
    [InMetadata(
        "The key type (RFC 7517 section 4.1, RFC 7518 section 6.1). "
        + "RSA and oct, in any case of the letters, are checked; a key of any other type is kept as it is.")]
    public string? Kty { get; set; }

    /// <summary>The use of the key: sig or enc (RFC 7517 section 4.2).</summary>
    [InMetadata("What the key is for: sig or enc (RFC 7517 section 4.2). Keys of one set do not mix them.")]
    public string? Use { get; set; }

    /// <summary>
    /// The first second at which the key is no longer valid, counted from 1970-01-01T00:00:00Z (RFC 7519 section
    /// 4.1.4).
    /// </summary>
    [InMetadata(
        "The first second at which the key is no longer valid, counted from 1970-01-01T00:00:00Z "
        + "(RFC 7519 section 4.1.4).")]
    public long? Exp { get; set; }

    /// <summary>
    /// The first second at which the key is valid, counted from 1970-01-01T00:00:00Z (RFC 7519 section 4.1.5).
    /// </summary>
    [InMetadata(
        "The first second at which the key is valid, counted from 1970-01-01T00:00:00Z (RFC 7519 section 4.1.5).")]
    public long? Nbf { get; set; }

    /// <summary>The key id, unique within its set (RFC 7517 section 4.5).</summary>
    [InMetadata(
        "The key id, unique within its set (RFC 7517 section 4.5). "
        + "Where none is sent, an RSA key gets its SHA-256 thumbprint (RFC 7638), any other key a random one.",
        MaxLength = Limits.KidLength)]
    public string? Kid { get; set; }

    /// <summary>The public exponent of an RSA key, big-endian (RFC 7518 section 6.3.1.2).</summary>
    [InMetadata("The public exponent of an RSA key, big-endian (RFC 7518 section 6.3.1.2).")]
    public string? E { get; set; }

    /// <summary>The modulus of an RSA key, big-endian (RFC 7518 section 6.3.1.1).</summary>
    [InMetadata("The modulus of an RSA key, big-endian (RFC 7518 section 6.3.1.1).")]
    public string? N { get; set; }

    /// <summary>Private: the private exponent of an RSA key (RFC 7518 section 6.3.2.1).</summary>
    [InMetadata("The private exponent of an RSA key (RFC 7518 section 6.3.2.1). Sealed and shown as k is.")]
    public string? D { get; set; }

    /// <summary>Private: the first prime factor (RFC 7518 section 6.3.2.2).</summary>
    [InMetadata("The first prime factor of the modulus (RFC 7518 section 6.3.2.2). Sealed and shown as k is.")]
    public string? P { get; set; }

    /// <summary>Private: the second prime factor (RFC 7518 section 6.3.2.3).</summary>
    [InMetadata("The second prime factor of the modulus (RFC 7518 section 6.3.2.3). Sealed and shown as k is.")]
    public string? Q { get; set; }

    /// <summary>Private: d modulo p - 1 (RFC 7518 section 6.3.2.4).</summary>
    [InMetadata("d modulo p - 1 (RFC 7518 section 6.3.2.4). Sealed and shown as k is.")]
    public string? Dp { get; set; }

    /// <summary>Private: d modulo q - 1 (RFC 7518 section 6.3.2.5).</summary>
    [InMetadata("d modulo q - 1 (RFC 7518 section 6.3.2.5). Sealed and shown as k is.")]
    public string? Dq { get; set; }

    /// <summary>Private: the inverse of q modulo p (RFC 7518 section 6.3.2.6).</summary>
    [InMetadata("The inverse of q modulo p (RFC 7518 section 6.3.2.6). Sealed and shown as k is.")]
    public string? Qi { get; set; }

    /// <summary>
    /// Whether the key is in use. The complex type does not have it; the entities of keys_v2 do.
    /// </summary>
    public TrustFrameworkKeyStatus Status { get; set; }

    /// <summary>Counts the characters of all public members.</summary>
    public long CountPublicCharacters()
    {
        long count = Count(X5t) + Count(Kty) + Count(Use) + Count(Kid) + Count(E) + Count(N);
        foreach (string certificate in X5c)
        {
            count += certificate.Length;
        }

        return count;
    }

    private static long Count(string? text) => text?.Length ?? 0;
}

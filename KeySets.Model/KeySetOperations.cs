using System.Collections.Frozen;

namespace KeySets.Model;

/// <summary>A parameter of an action.</summary>
/// <param name="Name">Its name in the body.</param>
/// <param name="Description">Its description in <c>/$metadata</c>.</param>
/// <param name="IsNumber">Whether it is an Edm.Int64, not an Edm.String.</param>
/// <param name="IsRequired">Whether a request must send it, and not as null.</param>
public sealed record ActionParameter(string Name, string Description, bool IsNumber = false, bool IsRequired = false);

/// <summary>
/// The operations that are bound to a key set, and their parameters, by their names in URLs and bodies.
/// </summary>
public static class KeySetOperations
{
    /// <summary>The action that generates a key.</summary>
    public const string GenerateKey = "generateKey";

    /// <summary>The action that adds an oct key.</summary>
    public const string UploadSecret = "uploadSecret";

    /// <summary>The action that adds a public RSA key.</summary>
    public const string UploadCertificate = "uploadCertificate";

    /// <summary>The action that adds an RSA key with its private part.</summary>
    public const string UploadPkcs12 = "uploadPkcs12";

    /// <summary>The function that returns the key in use.</summary>
    public const string GetActiveKey = "getActiveKey";

    /// <summary>
    /// The resource that publishes the keys. It is not an operation of OData, and not in <c>/$metadata</c>.
    /// </summary>
    public const string Jwks = "jwks";

    /// <summary>The parameter that is the key set itself.</summary>
    public const string BindingParameter = "bindingParameter";

    /// <summary>The use of the key.</summary>
    public const string Use = "use";

    /// <summary>The type of the key.</summary>
    public const string Kty = "kty";

    /// <summary>A secret.</summary>
    public const string K = "k";

    /// <summary>When the key becomes valid.</summary>
    public const string Nbf = "nbf";

    /// <summary>When the key expires.</summary>
    public const string Exp = "exp";

    /// <summary>A certificate or a PKCS #12 file.</summary>
    public const string Key = "key";

    /// <summary>The password of a PKCS #12 file.</summary>
    public const string Password = "password";

    private static readonly ActionParameter UseParameter =
        new(Use, "What the key is for: sig or enc (RFC 7517 section 4.2).", IsRequired: true);
    private static readonly ActionParameter NbfParameter =
        new(Nbf, "The first second at which the key is valid, counted from 1970-01-01T00:00:00Z.", IsNumber: true);
    private static readonly ActionParameter ExpParameter =
        new(
            Exp,
            "The first second at which the key is no longer valid, counted from 1970-01-01T00:00:00Z.",
            IsNumber: true);

    /// <summary>The parameters of each action in order, without the binding parameter.</summary>
    public static FrozenDictionary<string, ActionParameter[]> Parameters { get; } =
        new Dictionary<string, ActionParameter[]>
        {
            [GenerateKey] =
        [
            UseParameter,
            new(Kty, "RSA for a key of 2048 bits, oct for one of 256 bits.", IsRequired: true),
            NbfParameter,
            ExpParameter,
        ],
            [UploadSecret] =
        [
            UseParameter,
            new(K, "The secret in plain text, 1 to 4096 bytes of UTF-8.", IsRequired: true),
            NbfParameter,
            ExpParameter,
        ],
            [UploadCertificate] =
        [
            new(
                Key,
                "The certificate of an RSA key as base64 of its DER, or as PEM, where its chain can follow it.",
                IsRequired: true),
        ],
            [UploadPkcs12] =
        [
            new(
                Key,
                "The certificate, its private RSA key and perhaps its chain, as base64 of a PKCS #12 file (RFC 7292).",
                IsRequired: true),
            new(Password, "The password of the file; null where it has none."),
        ],
        }.ToFrozenDictionary(StringComparer.Ordinal);
}

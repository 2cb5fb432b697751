using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>Makes keys of certificates and of PKCS #12 files. Nothing is verified but that the first certificate is that of the key.</summary>
public static class CertificateImport
{
    private const string Target = KeySetOperations.Key;

    // ERROR_INVALID_PASSWORD: on every system .NET says so where a password does not open a file.
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <summary>What a PKCS #12 file may cost. Its iterations are counted before they are made.</summary>
    public static Pkcs12LoaderLimits Limits { get; } = new()
    {
        MacIterationLimit = 300_000,
        IndividualKdfIterationLimit = 300_000,
        TotalKdfIterationLimit = 900_000,
        MaxCertificates = CertificateRules.MaximumCertificates,
        MaxKeys = 1,
        PreserveCertificateAlias = false,
        PreserveKeyName = false,
        PreserveStorageProvider = false,
        PreserveUnknownAttributes = false,
    };

    /// <summary>Makes a public key of a certificate and the chain that follows it.</summary>
    /// <param name="text">base64 of DER or of PEM, or PEM.</param>
    /// <exception cref="RefusalException">400: it is none of these, it holds a private key, or the certificate is not for an RSA key.</exception>
    public static TrustFrameworkKey FromCertificate(string text)
    {
        string? pem = IsPem(text) ? text : null;
        byte[] bytes = pem is null ? Decode(text) : [];
        if (bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("-----"u8))
        {
            pem = Encoding.Latin1.GetString(bytes);
        }

        X509Certificate2Collection chain = [];
        try
        {
            Load(chain, pem, bytes);
            return Describe(new TrustFrameworkKey(), [.. chain]);
        }
        finally
        {
            Dispose(chain);
        }
    }

    /// <summary>Makes a key with its private part of a PKCS #12 file (RFC 7292).</summary>
    /// <param name="text">base64 of the file.</param>
    /// <param name="password">Its password; null or empty where it has none.</param>
    /// <exception cref="RefusalException">
    /// 400: the password is wrong, the file cannot be read or costs too much, or it has no RSA key with its certificate.
    /// </exception>
    public static TrustFrameworkKey FromPkcs12(string text, string? password)
    {
        byte[] file = Decode(text);
        X509Certificate2Collection certificates = [];
        try
        {
            certificates = X509CertificateLoader.LoadPkcs12Collection(file, password, X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable, Limits);
            X509Certificate2 first = certificates.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw Refusal.NoPrivateKey(Target);
            using RSA rsa = first.GetRSAPrivateKey() ?? throw Refusal.NotRsaCertificate(Target);
            return Describe(KeyGenerator.FromRsa(rsa), Chain(first, certificates));
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            throw Refusal.Pkcs12TooCostly(Target, Limits.IndividualKdfIterationLimit!.Value, CertificateRules.MaximumCertificates);
        }
        catch (CryptographicException exception)
        {
            throw exception.HResult == WrongPassword ? Refusal.WrongPassword(KeySetOperations.Password) : Refusal.BadPkcs12(Target);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(file);
            Dispose(certificates);
        }
    }

    private static bool IsPem(string text) => text.AsSpan().TrimStart().StartsWith("-----", StringComparison.Ordinal);

    /// <remarks>Clients break lines in base64, which .NET skips.</remarks>
    private static byte[] Decode(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && length > 0 ? bytes[..length] : throw Refusal.NotBase64(Target);
    }

    private static void Load(X509Certificate2Collection chain, string? pem, byte[] der)
    {
        try
        {
            if (pem is null)
            {
                chain.Add(X509CertificateLoader.LoadCertificate(der));
                return;
            }

            // A key that lies beside its certificate would be dropped here, and seem to be kept.
            if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            {
                throw Refusal.PrivateKeyInCertificate(Target);
            }

            chain.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw Refusal.UnreadableCertificate(Target);
        }
    }

    /// <summary>The certificates from the first one up, each certified by the next (RFC 7517 section 4.7). A file has them in any order.</summary>
    private static List<X509Certificate2> Chain(X509Certificate2 first, X509Certificate2Collection certificates)
    {
        List<X509Certificate2> chain = [first];
        while (certificates.FirstOrDefault(certificate => Certifies(certificate, chain[^1]) && !chain.Any(other => IsSame(other, certificate))) is { } next)
        {
            chain.Add(next);
        }

        return chain;
    }

    /// <remarks>To .NET they are the same with the same issuer and serial number.</remarks>
    private static bool IsSame(X509Certificate2 one, X509Certificate2 other) => one.RawDataMemory.Span.SequenceEqual(other.RawDataMemory.Span);

    private static bool Certifies(X509Certificate2 issuer, X509Certificate2 certificate) =>
        issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static TrustFrameworkKey Describe(TrustFrameworkKey key, List<X509Certificate2> chain)
    {
        if (chain is not [X509Certificate2 first, ..])
        {
            throw Refusal.UnreadableCertificate(Target);
        }

        RSAParameters publicKey = PublicKey(first);
        key.Kty = KeyRules.Rsa;
        key.Use = Use(first);
        key.N = Base64Url.EncodeToString(publicKey.Modulus);
        key.E = Base64Url.EncodeToString(publicKey.Exponent);
        key.Nbf = Seconds(first.NotBefore);
        key.Exp = Seconds(first.NotAfter);
        key.X5t = Base64Url.EncodeToString(first.GetCertHash());
        chain.ForEach(certificate => key.X5c.Add(Convert.ToBase64String(certificate.RawDataMemory.Span)));
        return key;
    }

    private static RSAParameters PublicKey(X509Certificate2 certificate)
    {
        try
        {
            using RSA? rsa = certificate.GetRSAPublicKey();
            return rsa?.ExportParameters(includePrivateParameters: false) ?? throw Refusal.NotRsaCertificate(Target);
        }
        catch (CryptographicException)
        {
            // The loader does not look into the public key.
            throw Refusal.UnreadableCertificate(Target);
        }
    }

    /// <returns>enc where the certificate is for that alone (RFC 5280 section 4.2.1.3), else sig.</returns>
    private static string Use(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } extension
        && (extension.KeyUsages & ~(X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment)) == X509KeyUsageFlags.None
            ? KeyRules.Encryption
            : KeyRules.Signature;

    private static long Seconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeSeconds();

    private static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>Makes public keys of certificates. Nothing is verified: no chain is built and nothing is fetched.</summary>
public static class CertificateImport
{
    private const string Target = KeySetOperations.Key;

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

    private static bool IsPem(string text) => text.AsSpan().TrimStart().StartsWith("-----", StringComparison.Ordinal);

    /// <summary>The bytes of an upload. Clients break lines in base64, which .NET skips.</summary>
    /// <exception cref="RefusalException">400: it is not base64.</exception>
    public static byte[] Decode(string text)
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

    /// <summary>Gives a key what its certificates say of it.</summary>
    /// <param name="key">The key, which may have its private part.</param>
    /// <param name="chain">The certificates, of which the first is that of the key.</param>
    /// <exception cref="RefusalException">400: there are none, or the first is not for an RSA key.</exception>
    public static TrustFrameworkKey Describe(TrustFrameworkKey key, IReadOnlyList<X509Certificate2> chain)
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
        foreach (X509Certificate2 certificate in chain)
        {
            key.X5c.Add(Convert.ToBase64String(certificate.RawDataMemory.Span));
        }

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

    /// <summary>Disposes of certificates, and so of the keys that came with them.</summary>
    public static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }
}

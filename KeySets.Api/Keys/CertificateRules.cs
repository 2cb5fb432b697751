using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// The rules of RFC 7517 sections 4.7 and 4.8 for the certificates of an RSA key. The service judges no trust and
/// fetches nothing, so no certificate can make it call out.
/// </summary>
public static class CertificateRules
{
    /// <summary>The most certificates in a chain.</summary>
    public const int MaximumCertificates = 10;

    /// <summary>The longest certificate, in bytes of DER.</summary>
    public const int MaximumBytes = 16 * 1024;

    /// <summary>
    /// Checks that the first certificate is for this key, that each further one certifies the one before, and that x5t
    /// is the thumbprint of the first.
    /// </summary>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Check(TrustFrameworkKey key, string path)
    {
        if (key.X5c.Count > MaximumCertificates)
        {
            throw Refusal.TooManyCertificates($"{path}/x5c", MaximumCertificates);
        }

        X509Certificate2Collection chain = [];
        try
        {
            foreach ((int index, string text) in key.X5c.Index())
            {
                chain.Add(Parse(text, $"{path}/x5c/{index}"));
                if (index == 0)
                {
                    CheckFirst(chain[0], key, path);
                }
                else if (!CertificateChain.Continues(chain[index - 1], chain[index])
                    || chain.Take(index).Any(other => CertificateChain.IsSame(other, chain[index])))
                {
                    throw Refusal.BrokenChain($"{path}/x5c/{index}");
                }
            }
        }
        finally
        {
            CertificateImport.Dispose(chain);
        }

        if (key.X5c.Count == 0
            && key.X5t is not null
            && Base64UrlText.Decode(key.X5t) is not { Length: SHA1.HashSizeInBytes })
        {
            throw Refusal.BadThumbprint($"{path}/x5t");
        }
    }

    private static X509Certificate2 Parse(string text, string path)
    {
        Span<byte> buffer = new byte[Math.Min(text.Length, MaximumBytes)];
        if (!Convert.TryFromBase64String(text, buffer, out int length))
        {
            throw Refusal.BadCertificate(path);
        }

        // .NET also accepts white space; the RFC does not.
        ReadOnlySpan<byte> der = buffer[..length];
        if (!string.Equals(Convert.ToBase64String(der), text, StringComparison.Ordinal))
        {
            throw Refusal.BadCertificate(path);
        }

        return Load(der) ?? throw Refusal.BadCertificate(path);
    }

    /// <summary>Parses a certificate.</summary>
    /// <returns>The certificate; null if the bytes are not exactly its DER.</returns>
    public static X509Certificate2? Load(ReadOnlySpan<byte> der)
    {
        X509Certificate2 certificate;
        try
        {
            certificate = X509CertificateLoader.LoadCertificate(der);
        }
        catch (CryptographicException)
        {
            return null;
        }

        // X509CertificateLoader also accepts PEM, and bytes after the certificate.
        if (certificate.RawDataMemory.Span.SequenceEqual(der))
        {
            return certificate;
        }

        certificate.Dispose();
        return null;
    }

    /// <summary>The RSA key of a certificate.</summary>
    /// <returns>
    /// The modulus and the exponent; null if the certificate has no RSA key, or one that is not encoded as DER demands.
    /// </returns>
    public static RSAParameters? PublicKey(X509Certificate2 certificate)
    {
        try
        {
            using RSA? rsa = certificate.GetRSAPublicKey();
            // .NET reads a negative number as another number, and so exports other bytes than it read.
            ReadOnlySpan<byte> encoded = certificate.PublicKey.EncodedKeyValue.RawData;
            return rsa?.ExportRSAPublicKey().AsSpan().SequenceEqual(encoded) == true
                ? rsa.ExportParameters(includePrivateParameters: false)
                : null;
        }
        catch (CryptographicException)
        {
            // X509CertificateLoader does not parse the public key; GetRSAPublicKey does.
            return null;
        }
    }

    private static void CheckFirst(X509Certificate2 certificate, TrustFrameworkKey key, string path)
    {
        if (PublicKey(certificate) is not { } publicKey
            || !IsValue(key.N, publicKey.Modulus)
            || !IsValue(key.E, publicKey.Exponent))
        {
            throw Refusal.ForeignCertificate($"{path}/x5c/0");
        }

        if (key.X5t is not null && !IsValue(key.X5t, certificate.GetCertHash()))
        {
            throw Refusal.BadThumbprint($"{path}/x5t");
        }
    }

    private static bool IsValue(string? text, byte[]? bytes) =>
        bytes is not null && string.Equals(text, Base64Url.EncodeToString(bytes), StringComparison.Ordinal);
}

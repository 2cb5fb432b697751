using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// Makes public keys from certificates. It judges no trust and fetches nothing.
/// </summary>
public static class CertificateImport
{
    private const string Target = KeySetOperations.Key;
    private const string Begin = "-----BEGIN ";

    /// <summary>Makes a public key from a certificate and its chain, in any order.</summary>
    /// <param name="text">
    /// base64 of DER or of PEM, or PEM itself (RFC 7468). PEM can have other text before, between and after its blocks.
    /// </param>
    /// <exception cref="RefusalException">
    /// 400: the text is none of these, holds too many certificates or any other block, the certificates are not one
    /// chain, or the one that certifies no other is not for an RSA key.
    /// </exception>
    public static TrustFrameworkKey FromCertificate(string text)
    {
        byte[] bytes = text.Contains(Begin, StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(text) : Decode(text);
        X509Certificate2Collection chain = [];
        try
        {
            if (bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
            {
                AddPem(chain, Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'));
            }
            else
            {
                chain.Add(CertificateRules.Load(bytes) ?? throw Refusal.UnreadableCertificate(Target));
            }

            return Describe(
                new TrustFrameworkKey(),
                CertificateChain.Of([.. chain]) ?? throw Refusal.UnrelatedCertificates(Target));
        }
        finally
        {
            Dispose(chain);
        }
    }

    /// <summary>The bytes of an upload. Clients break lines in base64; .NET skips the line breaks.</summary>
    /// <exception cref="RefusalException">400: it is not base64.</exception>
    public static byte[] Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw Refusal.NotBase64(Target);
        }
    }

    /// <summary>Fills a key from its certificates: public part, use, dates, thumbprint and chain.</summary>
    /// <param name="key">The key, which may have its private part.</param>
    /// <param name="chain">The certificates. The first is that of the key.</param>
    /// <exception cref="RefusalException">400: the first one cannot be read, or is not for an RSA key.</exception>
    public static TrustFrameworkKey Describe(TrustFrameworkKey key, IReadOnlyList<X509Certificate2> chain)
    {
        RSAParameters publicKey = CertificateRules.PublicKey(chain[0]) ?? throw Refusal.NotRsaCertificate(Target);
        key.Kty = KeyRules.Rsa;
        key.N = Base64Url.EncodeToString(publicKey.Modulus);
        key.E = Base64Url.EncodeToString(publicKey.Exponent);
        key.X5t = Base64Url.EncodeToString(chain[0].GetCertHash());
        foreach (X509Certificate2 certificate in chain)
        {
            key.X5c.Add(Convert.ToBase64String(certificate.RawDataMemory.Span));
        }

        try
        {
            (key.Use, key.Nbf, key.Exp) = (Use(chain[0]), Seconds(chain[0].NotBefore), Seconds(chain[0].NotAfter));
        }
        catch (CryptographicException)
        {
            // X509CertificateLoader does not parse dates and extensions; the getters above do.
            throw Refusal.UnreadableCertificate(Target);
        }

        return key;
    }

    /// <summary>Disposes of certificates and of the keys that came with them.</summary>
    public static void Dispose(X509Certificate2Collection certificates)
    {
        foreach (X509Certificate2 certificate in certificates)
        {
            certificate.Dispose();
        }
    }

    /// <remarks>
    /// Any block that is not a certificate is refused: if it were dropped, the client would believe that it is kept.
    /// </remarks>
    private static void AddPem(X509Certificate2Collection chain, string pem)
    {
        // Count first: PemEncoding searches from each BEGIN up to the end of the text, which takes quadratic time.
        int blocks = pem.AsSpan().Count(Begin);
        if (blocks > CertificateRules.MaximumCertificates)
        {
            throw Refusal.TooManyCertificates(Target, CertificateRules.MaximumCertificates);
        }

        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw Refusal.PrivateKeyInCertificate(Target);
        }

        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            byte[] der = Convert.FromBase64String($"{rest[fields.Base64Data]}");
            bool isCertificate = rest[fields.Label] is "CERTIFICATE";
            chain.Add(
                (isCertificate ? CertificateRules.Load(der) : null) ?? throw Refusal.UnreadableCertificate(Target));
            rest = rest[fields.Location.End..];
        }

        if (chain.Count < blocks)
        {
            throw Refusal.UnreadableCertificate(Target);
        }
    }

    /// <returns>enc if the key usage is nothing but encipherment (RFC 5280 section 4.2.1.3), otherwise sig.</returns>
    private static string Use(X509Certificate2 certificate)
    {
        const X509KeyUsageFlags Encipherment = X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment;
        X509KeyUsageFlags usages = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages
            ?? X509KeyUsageFlags.None;
        return usages != X509KeyUsageFlags.None
            && (usages & ~Encipherment) == X509KeyUsageFlags.None ? KeyRules.Encryption : KeyRules.Signature;
    }

    private static long Seconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeSeconds();
}

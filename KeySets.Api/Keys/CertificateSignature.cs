using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KeySets.Api.Keys;

/// <summary>
/// Verifies the signature of a certificate by the key of another one (RFC 5280 section 4.1.1.3), and nothing else. .NET
/// can verify it only as a part of a chain, which it would judge by trust and dates.
/// </summary>
public static class CertificateSignature
{
    // RFC 4055 section 5, RFC 8017 appendix A.2.4.
    private static readonly Dictionary<string, HashAlgorithmName> RsaPkcs1 = new()
    {
        ["1.2.840.113549.1.1.5"] = HashAlgorithmName.SHA1,
        ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
    };

    // RFC 5758 section 3.2.
    private static readonly Dictionary<string, HashAlgorithmName> Ecdsa = new()
    {
        ["1.2.840.10045.4.1"] = HashAlgorithmName.SHA1,
        ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256,
        ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
        ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new()
    {
        ["1.3.14.3.2.26"] = HashAlgorithmName.SHA1,
        ["2.16.840.1.101.3.4.2.1"] = HashAlgorithmName.SHA256,
        ["2.16.840.1.101.3.4.2.2"] = HashAlgorithmName.SHA384,
        ["2.16.840.1.101.3.4.2.3"] = HashAlgorithmName.SHA512,
    };

    private const string RsaPss = "1.2.840.113549.1.1.10";

    /// <summary>Whether the key of the issuer has signed the certificate.</summary>
    /// <returns>
    /// Also false for a signature that cannot be read, and for one that is not RSA or ECDSA with SHA-1 or SHA-2.
    /// </returns>
    public static bool IsBy(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        try
        {
            AsnReader fields = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            ReadOnlySpan<byte> signed = fields.ReadEncodedValue().Span;
            AsnReader algorithm = fields.ReadSequence();
            string name = algorithm.ReadObjectIdentifier();
            byte[] signature = fields.ReadBitString(out _);
            return name == RsaPss ? IsPss(issuer, signed, signature, algorithm)
                : RsaPkcs1.TryGetValue(name, out HashAlgorithmName hash)
                    ? IsRsa(issuer, signed, signature, hash, RSASignaturePadding.Pkcs1)
                : Ecdsa.TryGetValue(name, out hash) && IsEcdsa(issuer, signed, signature, hash);
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return false;
        }
    }

    private static bool IsRsa(
        X509Certificate2 issuer,
        ReadOnlySpan<byte> signed,
        byte[] signature,
        HashAlgorithmName hash,
        RSASignaturePadding padding)
    {
        using RSA? rsa = issuer.GetRSAPublicKey();
        return rsa?.VerifyData(signed, signature, hash, padding) == true;
    }

    private static bool IsEcdsa(
        X509Certificate2 issuer, ReadOnlySpan<byte> signed, byte[] signature, HashAlgorithmName hash)
    {
        using ECDsa? ecdsa = issuer.GetECDsaPublicKey();
        return ecdsa?.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    /// <remarks>
    /// RSASSA-PSS-params (RFC 8017 appendix A.2.3): the hash is in [0]. .NET verifies only with the same hash for the
    /// mask in [1] and a salt in [2] of its length, as RFC 4055 section 3.1 recommends; else the signature does not
    /// verify.
    /// </remarks>
    private static bool IsPss(X509Certificate2 issuer, ReadOnlySpan<byte> signed, byte[] signature, AsnReader algorithm)
    {
        AsnReader parameters = algorithm.ReadSequence();
        Asn1Tag hashTag = new(TagClass.ContextSpecific, 0);
        HashAlgorithmName hash = HashAlgorithmName.SHA1;
        if (parameters.HasData && parameters.PeekTag().HasSameClassAndValue(hashTag)
            && !Hashes.TryGetValue(
                parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier(), out hash))
        {
            return false;
        }

        return IsRsa(issuer, signed, signature, hash, RSASignaturePadding.Pss);
    }
}

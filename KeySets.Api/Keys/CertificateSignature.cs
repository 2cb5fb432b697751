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

    private const string Pss = "1.2.840.113549.1.1.10";
    private const string Mgf1 = "1.2.840.113549.1.1.8";

    // The largest modulus, in bits, and the longest exponent, in bytes, that OpenSSL verifies with: more costs seconds.
    private const int MostBits = 16384;
    private const int MostExponentBytes = 8;

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
            return name == Pss ? IsPss(issuer, signed, signature, algorithm)
                : RsaPkcs1.TryGetValue(name, out HashAlgorithmName hash)
                    ? IsRsa(issuer, signed, signature, hash)
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
        HashAlgorithmName hash)
    {
        using RSA? rsa = issuer.GetRSAPublicKey();
        return rsa?.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1) == true;
    }

    private static bool IsEcdsa(
        X509Certificate2 issuer, ReadOnlySpan<byte> signed, byte[] signature, HashAlgorithmName hash)
    {
        using ECDsa? ecdsa = issuer.GetECDsaPublicKey();
        return ecdsa?.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence) == true;
    }

    /// <remarks>
    /// RSASSA-PSS-params (RFC 8017 appendix A.2.3): the hash in [0], that of the mask in [1], the length of the salt in
    /// [2]; SHA-1, SHA-1 and 20 if they are left out.
    /// </remarks>
    private static bool IsPss(X509Certificate2 issuer, ReadOnlySpan<byte> signed, byte[] signature, AsnReader algorithm)
    {
        AsnReader parameters = algorithm.ReadSequence();
        HashAlgorithmName hash = HashAlgorithmName.SHA1;
        HashAlgorithmName maskHash = HashAlgorithmName.SHA1;
        int salt = 20;
        if (Parameter(parameters, 0) is { } first
            && !Hashes.TryGetValue(first.ReadSequence().ReadObjectIdentifier(), out hash))
        {
            return false;
        }

        if (Parameter(parameters, 1)?.ReadSequence() is { } mask
            && (mask.ReadObjectIdentifier() != Mgf1
                || !Hashes.TryGetValue(mask.ReadSequence().ReadObjectIdentifier(), out maskHash)))
        {
            return false;
        }

        if (Parameter(parameters, 2) is { } length && !length.TryReadInt32(out salt))
        {
            return false;
        }

        using RSA? rsa = issuer.GetRSAPublicKey();
        return rsa is { KeySize: <= MostBits }
            && rsa.ExportParameters(includePrivateParameters: false) is { Exponent.Length: <= MostExponentBytes } key
            && RsaPss.Verify(key, signed, signature, hash, maskHash, salt);
    }

    private static AsnReader? Parameter(AsnReader parameters, int number)
    {
        Asn1Tag tag = new(TagClass.ContextSpecific, number);
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(tag)
            ? parameters.ReadSequence(tag)
            : null;
    }
}

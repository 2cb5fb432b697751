using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>Keys for requests.</summary>
public static class SampleKeys
{
    /// <summary>The RSA key of the samples.</summary>
    public static readonly RSA Rsa = RSA.Create(2048);


    /// <summary>The public part of an RSA key for signatures.</summary>
    public static JsonObject PublicRsa() => PublicRsa(Rsa);

    /// <summary>The public part of a given RSA key, for signatures.</summary>
    public static JsonObject PublicRsa(RSA rsa)
    {
        RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["e"] = Text(parameters.Exponent),
            ["n"] = Text(parameters.Modulus),
        };
    }

    /// <summary>An RSA key for signatures with its private part.</summary>
    public static JsonObject PrivateRsa() => PrivateRsa(Rsa);

    /// <summary>A given RSA key for signatures with its private part.</summary>
    public static JsonObject PrivateRsa(RSA rsa)
    {
        RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: true);
        JsonObject key = PublicRsa(rsa);
        key["d"] = Text(parameters.D);
        key["p"] = Text(parameters.P);
        key["q"] = Text(parameters.Q);
        key["dp"] = Text(parameters.DP);
        key["dq"] = Text(parameters.DQ);
        key["qi"] = Text(parameters.InverseQ);
        return key;
    }

    /// <summary>An RSA key whose public exponent is 3, which .NET cannot generate.</summary>
    public static JsonObject PrivateRsaWithExponent3()
    {
        while (true)
        {
            using RSA rsa = RSA.Create(2048);
            RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: true);
            BigInteger p = Number(parameters.P) - 1;
            BigInteger q = Number(parameters.Q) - 1;
            if (p % 3 != 0 && q % 3 != 0)
            {
                // d = (1 + k phi) / 3 for the k that makes d an integer.
                BigInteger phi = p * q;
                BigInteger d = (1 + ((phi % 3 == 2 ? 1 : 2) * phi)) / 3;
                JsonObject key = PrivateRsa(rsa);
                key["e"] = "Aw";
                key["d"] = Text(d.ToByteArray(isUnsigned: true, isBigEndian: true));
                key["dp"] = Text((d % p).ToByteArray(isUnsigned: true, isBigEndian: true));
                key["dq"] = Text((d % q).ToByteArray(isUnsigned: true, isBigEndian: true));
                return key;
            }
        }
    }

    /// <summary>The public part of a new RSA key.</summary>
    public static JsonObject NewPublicRsa()
    {
        using RSA rsa = RSA.Create(2048);
        return PublicRsa(rsa);
    }

    /// <summary>A symmetric key of 256 bits for signatures.</summary>
    public static JsonObject Oct() =>
        new() { ["kty"] = "oct", ["use"] = "sig", ["k"] = Text(RandomNumberGenerator.GetBytes(32)) };

    /// <summary>A self-signed certificate for the RSA key, or for another key.</summary>
    public static X509Certificate2 Certificate(RSA? other = null)
    {
        CertificateRequest request =
            new("CN=KeySets", other ?? Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    /// <summary>base64 of the certificate of the RSA key.</summary>
    public static string CertificateText()
    {
        using X509Certificate2 certificate = Certificate();
        return Convert.ToBase64String(certificate.RawData);
    }

    /// <summary>base64 of a PKCS #12 file with a new RSA key, or with the RSA key. It opens fast.</summary>
    public static string Pkcs12Text(string? password, bool otherKey = true)
    {
        using RSA? other = otherKey ? RSA.Create(2048) : null;
        using X509Certificate2 certificate = Certificate(other);
        return Convert.ToBase64String(certificate.ExportPkcs12(
            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1), password));
    }

    /// <summary>base64url without padding. Leading zero bytes are kept.</summary>
    public static string Text(byte[]? bytes) => Base64Url.EncodeToString(bytes);

    private static BigInteger Number(byte[]? bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}

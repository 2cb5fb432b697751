using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KeySets.Tests.Support;

/// <summary>An authority that certifies keys of other names.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset End = Start.AddYears(100);

    private readonly AsymmetricAlgorithm _key;
    private readonly HashAlgorithmName _hash;
    private readonly RSASignaturePadding _padding;

    /// <summary>Creates an authority with a key of its own.</summary>
    /// <param name="name">Its common name.</param>
    /// <param name="parent">The authority that certifies it; null to sign itself.</param>
    /// <param name="key">Its key; null for one on the curve P-256.</param>
    /// <param name="hash">The hash of its signatures; null for SHA-256.</param>
    /// <param name="padding">The padding of its RSA signatures; null for PKCS #1.</param>
    public CertificateAuthority(
        string name,
        CertificateAuthority? parent = null,
        AsymmetricAlgorithm? key = null,
        HashAlgorithmName? hash = null,
        RSASignaturePadding? padding = null)
    {
        _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _hash = hash ?? HashAlgorithmName.SHA256;
        _padding = padding ?? RSASignaturePadding.Pkcs1;
        PublicKey publicKey = _key is RSA rsa ? new PublicKey(rsa) : new PublicKey((ECDsa)_key);
        Certificate = (parent ?? this).Certify(name, publicKey, parent is null ? $"CN={name}" : null);
    }

    /// <summary>Its certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Certifies an RSA key.</summary>
    public X509Certificate2 Certify(string name, RSA key) => Certify(name, new PublicKey(key), issuer: null);

    /// <inheritdoc />
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Certify(string name, PublicKey key, string? issuer)
    {
        CertificateRequest request = new(new X500DistinguishedName($"CN={name}"), key, _hash);
        X509SignatureGenerator generator = _key is RSA rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, _padding)
            : X509SignatureGenerator.CreateForECDsa((ECDsa)_key);
        return request.Create(
            issuer is null ? Certificate.SubjectName : new X500DistinguishedName(issuer),
            generator,
            Start,
            End,
            RandomNumberGenerator.GetBytes(8));
    }
}

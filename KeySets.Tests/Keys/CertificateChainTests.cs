using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeySets.Api.Keys;
using KeySets.Tests.Support;

namespace KeySets.Tests.Keys;

/// <summary>Chains of certificates (RFC 7517 section 4.7).</summary>
public sealed class CertificateChainTests
{
    private readonly RSA _rsa = RSA.Create(2048);

    [OneTimeTearDown]
    public void DisposeKey() => _rsa.Dispose();

    [TestCase("RSA", "SHA256", false)]
    [TestCase("RSA", "SHA384", false)]
    [TestCase("RSA", "SHA512", false)]
    [TestCase("RSA", "SHA256", true)]
    [TestCase("RSA", "SHA384", true)]
    [TestCase("RSA", "SHA512", true)]
    [TestCase("nistP256", "SHA256", false)]
    [TestCase("nistP384", "SHA384", false)]
    [TestCase("nistP521", "SHA512", false)]
    public void Holds_by_every_signature_that_is_known(string key, string hash, bool isPss)
    {
        using CertificateAuthority authority = new(
            "root",
            key: key == "RSA" ? RSA.Create(2048) : ECDsa.Create(ECCurve.CreateFromFriendlyName(key)),
            hash: new HashAlgorithmName(hash),
            padding: isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        using CertificateAuthority namesake = new("root");
        using X509Certificate2 leaf = authority.Certify("leaf", _rsa);
        byte[] der = leaf.RawData;
        der[^1] ^= 1;
        using X509Certificate2 damaged = X509CertificateLoader.LoadCertificate(der);

        Assert.That(CertificateChain.Continues(leaf, authority.Certificate), Is.True);
        Assert.That(CertificateChain.Continues(leaf, namesake.Certificate), Is.False, "the same name, another key");
        Assert.That(CertificateChain.Continues(damaged, authority.Certificate), Is.False, "another signature");
        Assert.That(CertificateChain.Continues(authority.Certificate, authority.Certificate), Is.False, "self-signed");
        Assert.That(CertificateChain.Continues(authority.Certificate, leaf), Is.False, "the other way round");
    }

    [TestCase("-sha1")]
    [TestCase("-sha256 -sigopt rsa_padding_mode:pss")]
    [TestCase("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32")]
    [TestCase("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20")]
    [TestCase("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0")]
    [TestCase("-sha1 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20")]
    [TestCase("-sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha256 -sigopt rsa_pss_saltlen:7")]
    public void Holds_by_signatures_of_openssl(string options)
    {
        using OpenSsl openssl = new();
        openssl.MakeChain();
        openssl.Run($"x509 -req -in leaf.csr -CA root.pem -CAkey root.key -days 30 -out leaf.pem {options}");
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(openssl.Bytes("leaf.pem"));
        using X509Certificate2 root = X509CertificateLoader.LoadCertificate(openssl.Bytes("root.pem"));

        byte[] der = leaf.RawData;
        der[^1] ^= 1;
        using X509Certificate2 damaged = X509CertificateLoader.LoadCertificate(der);

        Assert.That(CertificateChain.Continues(leaf, root), Is.True);
        Assert.That(CertificateChain.Continues(damaged, root), Is.False);
    }

    [Test]
    public void Ends_among_authorities_that_certify_each_other()
    {
        using ECDsa keyOfA = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa keyOfB = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using CertificateAuthority a = new("A", key: keyOfA);
        using CertificateAuthority b = new("B", key: keyOfB);
        using CertificateAuthority aByB = new("A", b, keyOfA);
        using CertificateAuthority bByA = new("B", a, keyOfB);
        using X509Certificate2 leaf = a.Certify("leaf", _rsa);

        Assert.That(
            CertificateChain.From(leaf, [leaf, bByA.Certificate, aByB.Certificate]),
            Is.EqualTo([leaf, aByB.Certificate, bByA.Certificate]));
        foreach (X509Certificate2[] order in (X509Certificate2[][])[
            [aByB.Certificate, a.Certificate], [a.Certificate, aByB.Certificate]])
        {
            Assert.That(CertificateChain.From(leaf, order), Is.EqualTo([leaf, a.Certificate]), "the end comes first");
        }
    }

    [Test]
    public void Does_not_hold_by_the_key_alone()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using CertificateAuthority authority = new("root", key: key);
        using CertificateAuthority other = new("another name", key: key);
        using X509Certificate2 leaf = authority.Certify("leaf", _rsa);

        Assert.That(CertificateChain.Continues(leaf, other.Certificate), Is.False);
    }

    [Test]
    public void Is_found_in_any_order()
    {
        using CertificateAuthority root = new("root");
        using CertificateAuthority inter = new("inter", root);
        using X509Certificate2 leaf = inter.Certify("leaf", _rsa);
        X509Certificate2[] chain = [leaf, inter.Certificate, root.Certificate];
        foreach (int[] order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            X509Certificate2[] given = [.. order.Select(index => chain[index])];

            Assert.That(CertificateChain.Of(given), Is.EqualTo(chain));
            Assert.That(CertificateChain.From(leaf, given), Is.EqualTo(chain));
        }
    }

    [Test]
    public void Is_found_by_signature_among_authorities_of_one_name()
    {
        using CertificateAuthority old = new("root");
        using CertificateAuthority renewed = new("root");
        using X509Certificate2 leaf = renewed.Certify("leaf", _rsa);
        X509Certificate2[] expected = [leaf, renewed.Certificate];

        Assert.That(CertificateChain.From(leaf, [old.Certificate, renewed.Certificate, leaf]), Is.EqualTo(expected));
        Assert.That(CertificateChain.From(leaf, [renewed.Certificate, old.Certificate, leaf]), Is.EqualTo(expected));
    }

    [Test]
    public void Is_not_found_in_certificates_that_make_up_none_or_several()
    {
        using CertificateAuthority root = new("root");
        using CertificateAuthority stranger = new("stranger");
        using X509Certificate2 leaf = root.Certify("leaf", _rsa);
        using X509Certificate2 other = root.Certify("other", _rsa);

        Assert.That(CertificateChain.Of([leaf, other, root.Certificate]), Is.Null, "two leaves");
        Assert.That(CertificateChain.Of([leaf, stranger.Certificate]), Is.Null, "a stranger");
        Assert.That(CertificateChain.Of([leaf, root.Certificate, stranger.Certificate]), Is.Null, "and a stranger");
        Assert.That(CertificateChain.Of([leaf, leaf]), Is.Null, "the same twice");
        Assert.That(CertificateChain.Of([leaf, root.Certificate, root.Certificate]), Is.Null, "the root twice");
        Assert.That(CertificateChain.Of([]), Is.Null, "nothing");
        Assert.That(CertificateChain.Of([leaf]), Is.EqualTo([leaf]));
        Assert.That(CertificateChain.Of([root.Certificate]), Is.EqualTo([root.Certificate]));
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: the rules for x5c and x5t.</summary>
public sealed class CreateKeySetCertificatesTests : KeyRulesTests
{
    [Test]
    public async Task Keeps_a_certificate_chain_and_thumbprint_that_belong_to_the_key()
    {
        using CertificateAuthority root = new("root");
        using CertificateAuthority issuer = new("issuer", root);
        using X509Certificate2 certificate = issuer.Certify("leaf", SampleKeys.Rsa);
        JsonObject key = SampleKeys.PublicRsa();
        key["x5c"] = Chain(certificate, issuer.Certificate, root.Certificate);
        key["x5t"] = SampleKeys.Text(certificate.GetCertHash());

        JsonObject kept = await CreateAsync(key);

        Assert.That(kept["x5c"]!.ToJsonString(), Is.EqualTo(key["x5c"]!.ToJsonString()));
    }

    [Test]
    public async Task Refuses_a_chain_in_which_one_certificate_does_not_certify_the_one_before()
    {
        using CertificateAuthority root = new("root");
        using CertificateAuthority issuer = new("issuer", root);
        using CertificateAuthority namesake = new("issuer", root);
        using X509Certificate2 leaf = issuer.Certify("leaf", SampleKeys.Rsa);
        using X509Certificate2 selfSigned = SampleKeys.Certificate();
        foreach ((X509Certificate2[] chain, int place) in ((X509Certificate2[], int)[])[
            ([leaf, root.Certificate, issuer.Certificate], 1),
            ([leaf, namesake.Certificate], 1),
            ([leaf, leaf], 1),
            ([selfSigned, selfSigned], 1),
            ([leaf, issuer.Certificate, issuer.Certificate], 2),
            ([leaf, issuer.Certificate, root.Certificate, root.Certificate], 3),
        ])
        {
            await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(chain)), "AADB2C95034", $"x5c/{place}");
        }
    }

    [Test]
    public async Task Refuses_a_certificate_for_another_key()
    {
        using RSA other = RSA.Create(2048);
        using X509Certificate2 certificate = SampleKeys.Certificate(other);

        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(certificate)), "AADB2C95034", "x5c/0");
    }

    [Test]
    public async Task Refuses_a_certificate_that_is_not_for_an_rsa_key()
    {
        using ECDsa elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=EC", elliptic, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(certificate)), "AADB2C95034", "x5c/0");
    }

    [Test]
    public async Task Refuses_anything_but_one_certificate_as_DER_in_base64()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        string[] bad =
        [
            "", "X5c value", "AAAA",
            $"{Convert.ToBase64String(certificate.RawData)}\n",
            SampleKeys.Text(certificate.RawData),
            Convert.ToBase64String([.. certificate.RawData, 0]),
            Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())),
            Convert.ToBase64String(new byte[(16 * 1024) + 1]),
            new string('A', 900_000),
        ];
        foreach (string text in bad)
        {
            JsonArray chain = Chain(certificate);
            chain.Add(text);
            await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", chain), "AADB2C95034", "x5c/1");
        }
    }

    [Test]
    public async Task Refuses_a_certificate_whose_rsa_key_cannot_be_read()
    {
        byte[] hugeModulus = new byte[10_000];
        hugeModulus[0] = 1;
        AsnWriter huge = new(AsnEncodingRules.DER);
        using (huge.PushSequence())
        {
            huge.WriteIntegerUnsigned(hugeModulus);
            huge.WriteInteger(65537);
        }

        foreach (byte[] keyBits in new byte[][] { [1, 2, 3], [0x30, 0], huge.Encode() })
        {
            using RSA signer = RSA.Create(2048);
            PublicKey broken = new(
                new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(keyBits));
            CertificateRequest request = new(new X500DistinguishedName("CN=Broken"), broken, HashAlgorithmName.SHA256);
            using X509Certificate2 certificate = request.Create(
                new X500DistinguishedName("CN=Signer"),
                X509SignatureGenerator.CreateForRSA(signer, RSASignaturePadding.Pkcs1),
                DateTimeOffset.UnixEpoch,
                DateTimeOffset.UnixEpoch.AddYears(100),
                [1]);

            await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(certificate)), "AADB2C95034", "x5c/0");
        }
    }

    [Test]
    public async Task Refuses_more_than_10_certificates()
    {
        List<CertificateAuthority> authorities = [new("0")];
        while (authorities.Count < 10)
        {
            authorities.Insert(0, new CertificateAuthority($"{authorities.Count}", authorities[0]));
        }

        using X509Certificate2 leaf = authorities[0].Certify("leaf", SampleKeys.Rsa);
        X509Certificate2[] chain = [leaf, .. authorities.Select(authority => authority.Certificate)];

        await CreateAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(chain[..10])));
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5c", Chain(chain)), "AADB2C95034", "x5c");
        authorities.ForEach(authority => authority.Dispose());
    }

    [Test]
    public async Task Refuses_a_thumbprint_that_is_not_of_the_certificate()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        JsonObject key = With(SampleKeys.PublicRsa(), "x5t", SampleKeys.Text(new byte[20]));
        await CreateAsync(key.DeepClone());

        await AssertRefusedAsync(With(key, "x5c", Chain(certificate)), "AADB2C95034", "x5t");
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "x5t", "X5t value"), "AADB2C95034", "x5t");
    }

    private static JsonArray Chain(params X509Certificate2[] certificates) =>
        [.. certificates.Select(certificate => JsonValue.Create(Convert.ToBase64String(certificate.RawData)))];
}

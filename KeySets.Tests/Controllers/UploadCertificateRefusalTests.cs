using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets('{id}')/uploadCertificate</c>: uploads that the service refuses.</summary>
public sealed class UploadCertificateRefusalTests : OperationTests
{
    private const string Action = "uploadCertificate";

    [TestCase("{}", "AADB2C90253")]
    [TestCase("""{"key":""}""", "AADB2C90253")]
    [TestCase("""{"key":1}""", "BadRequest")]
    [TestCase("""{"key":"not base64"}""", "AADB2C95034")]
    [TestCase("""{"key":"AAAA"}""", "AADB2C95034")]
    [TestCase("""{"key":" "}""", "AADB2C95034")]
    [TestCase("""{"key":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}""", "AADB2C95034")]
    [TestCase("""{"key":"-----BEGIN CERTIFICATE-----"}""", "AADB2C95034")]
    [TestCase("""{"key":"-----"}""", "AADB2C95034")]
    public Task Refuses_anything_but_a_certificate(string body, string code) =>
        AssertRefusedAsync(Action, body, code, "key");

    [TestCase("{0}\n{1}")]
    [TestCase("{1}\n{0}")]
    [TestCase("{0}\n{2}")]
    [TestCase("{0}\n{3}")]
    [TestCase("Bag Attributes\n{0}\nKey Attributes\n{1}")]
    public async Task Refuses_a_private_key_beside_its_certificate(string format)
    {
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = SampleKeys.Certificate(rsa);
        PbeParameters parameters = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);
        string pem = string.Format(
            null,
            format,
            certificate.ExportCertificatePem(),
            rsa.ExportPkcs8PrivateKeyPem(),
            rsa.ExportRSAPrivateKeyPem(),
            rsa.ExportEncryptedPkcs8PrivateKeyPem("p", parameters));

        foreach (string key in (string[])[pem, Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))])
        {
            await AssertRefusedAsync(Action, Body(key).ToJsonString(), "AADB2C95034", "key");
            Assert.That(
                (string?)(await (await PostAsync(Action, Body(key).ToJsonString())).JsonAsync())["error"]!["message"],
                Does.Contain("private key"));
        }
    }

    [TestCase("{0}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{0}")]
    [TestCase("{0}\n-----BEGIN CERTIFICATE-----\nMIIC")]
    [TestCase("{0}\n-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    public async Task Refuses_a_chain_with_a_part_that_is_not_a_certificate(string format)
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();

        await AssertRefusedAsync(
            Action,
            Body(string.Format(null, format, certificate.ExportCertificatePem())).ToJsonString(),
            "AADB2C95034",
            "key");
    }

    [Test]
    public async Task Refuses_bytes_that_follow_a_certificate()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();

        await AssertRefusedAsync(
            Action,
            Body(Convert.ToBase64String([.. certificate.RawData, .. certificate.RawData])).ToJsonString(),
            "AADB2C95034",
            "key");
    }

    [Test]
    public Task Refuses_a_mebibyte_of_BEGIN_lines_before_it_looks_for_END_lines() =>
        AssertRefusedAsync(
            Action,
            Body(string.Concat(Enumerable.Repeat("-----BEGIN CERTIFICATE-----\n", 30_000))).ToJsonString(),
            "AADB2C95034",
            "key");

    [TestCase("3003020100")]
    [TestCase("00")]
    [TestCase("300702028001020103")]
    public async Task Refuses_a_certificate_whose_key_is_not_an_rsa_key(string publicKey)
    {
        using RSA rsa = RSA.Create(2048);
        PublicKey key = new(
            new Oid("1.2.840.113549.1.1.1"),
            new AsnEncodedData([5, 0]),
            new AsnEncodedData(Convert.FromHexString(publicKey)));
        CertificateRequest request = new(new X500DistinguishedName("CN=x"), key, HashAlgorithmName.SHA256);

        await AssertRefusedAsync(Action, Body(Sign(request, rsa)).ToJsonString(), "AADB2C95034", "key");
    }

    [TestCase("FF")]
    [TestCase("")]
    public async Task Refuses_a_certificate_whose_key_usage_cannot_be_read(string usage)
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = Request(rsa);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.15", Convert.FromHexString(usage), critical: true));

        await AssertRefusedAsync(Action, Body(Sign(request, rsa)).ToJsonString(), "AADB2C95034", "key");
    }

    [TestCase("20201341000000Z")]
    [TestCase("2020010100000xZ")]
    public async Task Refuses_a_certificate_whose_dates_cannot_be_read(string date)
    {
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = Request(rsa).CreateSelfSigned(
            DateTimeOffset.UnixEpoch.AddYears(100), DateTimeOffset.UnixEpoch.AddYears(120));
        byte[] der = certificate.RawData;
        int place = der.AsSpan().IndexOf("20700101000000Z"u8);
        Encoding.ASCII.GetBytes(date).CopyTo(der, place);

        await AssertRefusedAsync(Action, Body(Convert.ToBase64String(der)).ToJsonString(), "AADB2C95034", "key");
    }

    [Test]
    public async Task Refuses_a_certificate_for_another_type_of_key()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=ec", ec, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        await AssertRefusedAsync(Action, Body(certificate).ToJsonString(), "AADB2C95034", "key");
    }

    [Test]
    public async Task Refuses_a_key_that_is_too_short()
    {
        using RSA rsa = RSA.Create(1024);
        using X509Certificate2 certificate = SampleKeys.Certificate(rsa);

        await AssertRefusedAsync(Action, Body(certificate).ToJsonString(), "AADB2C95039", "n");
    }

    [Test]
    public async Task Refuses_more_than_10_certificates()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        string pem = string.Join('\n', Enumerable.Repeat(certificate.ExportCertificatePem(), 11));

        await AssertRefusedAsync(Action, Body(pem).ToJsonString(), "AADB2C95034", "key");
    }

    [Test]
    public async Task Refuses_a_certificate_of_more_than_16_kibibytes()
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = Request(rsa);
        request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[16 * 1024], critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        await AssertRefusedAsync(Action, Body(certificate).ToJsonString(), "AADB2C95034", "x5c/0");
    }

    private static X509Certificate2 Sign(CertificateRequest request, RSA rsa) => request.Create(
        new X500DistinguishedName("CN=x"),
        X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch.AddYears(1),
        [1]);

    private static CertificateRequest Request(RSA rsa) =>
        new("CN=KeySets", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static JsonObject Body(X509Certificate2 certificate) => Body(Convert.ToBase64String(certificate.RawData));

    private static JsonObject Body(string key) => new() { ["key"] = key };
}

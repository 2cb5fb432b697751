using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Api;

/// <summary><c>POST /trustFramework/keySets('{id}')/uploadCertificate</c>.</summary>
public sealed class UploadCertificateTests : OperationTests
{
    private const string Action = "uploadCertificate";

    [Test]
    public async Task Takes_every_number_from_a_certificate_that_openssl_has_made()
    {
        using OpenSsl openssl = new();
        openssl.MakeChain();
        openssl.Run("x509 -in leaf.pem -outform DER -out leaf.der");

        JsonObject key = await AddAsync(Action, Body(openssl.Base64("leaf.der")));

        string[] dates = openssl.Run("x509 -in leaf.pem -noout -dates -dateopt iso_8601").Split('\n');
        string fingerprint = openssl.Run("x509 -in leaf.pem -noout -fingerprint -sha1").Trim().Split('=')[1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexString(Base64Url.DecodeFromChars((string)key["n"]!)), Is.EqualTo(openssl.Modulus("leaf.pem")));
            Assert.That((string?)key["e"], Is.EqualTo("AQAB"));
            Assert.That(Convert.ToHexString(Base64Url.DecodeFromChars((string)key["x5t"]!)), Is.EqualTo(fingerprint.Replace(":", "", StringComparison.Ordinal)));
            Assert.That((long?)key["nbf"], Is.EqualTo(Seconds(dates[0])));
            Assert.That((long?)key["exp"], Is.EqualTo(Seconds(dates[1])));
            Assert.That(key["x5c"]!.AsArray().Select(item => (string?)item), Is.EqualTo([openssl.Base64("leaf.der")]));
            Assert.That(Members(key, "kty", "use"), Is.EqualTo("RSA sig"));
            Assert.That((string?)key["kid"], Has.Length.EqualTo(43));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Takes_the_chain_that_follows_in_pem_in_its_order(bool isBase64)
    {
        using OpenSsl openssl = new();
        openssl.MakeChain();
        string pem = $"\n{openssl.Text("leaf.pem")}{openssl.Text("root.pem")}";

        JsonObject key = await AddAsync(Action, Body(isBase64 ? Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)) : pem));

        Assert.That(key["x5c"]!.AsArray().Select(item => Subject((string)item!)), Is.EqualTo(["CN=leaf", "CN=root"]));
        Assert.That(Convert.ToHexString(Base64Url.DecodeFromChars((string)key["n"]!)), Is.EqualTo(openssl.Modulus("leaf.pem")));
    }

    [Test]
    public async Task Answers_with_what_a_read_shows_and_gives_the_key_its_thumbprint()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();

        JsonObject key = await AddAsync(Action, Body(certificate));

        string required = $$"""{"e":"{{key["e"]}}","kty":"RSA","n":"{{key["n"]}}"}""";
        Assert.That((string?)key["kid"], Is.EqualTo(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(required)))));
        key.Remove("@odata.context");
        Assert.That((await KeysAsync()).Single()!.ToJsonString(), Is.EqualTo(key.ToJsonString()));
    }

    [TestCase(null, "sig")]
    [TestCase(X509KeyUsageFlags.DigitalSignature, "sig")]
    [TestCase(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, "sig")]
    [TestCase(X509KeyUsageFlags.KeyEncipherment, "enc")]
    [TestCase(X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.KeyEncipherment, "enc")]
    public async Task Is_for_encryption_where_the_certificate_is_for_nothing_else(X509KeyUsageFlags? usages, string use)
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = Request(rsa);
        if (usages is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        Assert.That((string?)(await AddAsync(Action, Body(certificate)))["use"], Is.EqualTo(use));
    }

    [Test]
    public async Task Takes_capitalised_names_and_lines_of_base64()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        string lines = Convert.ToBase64String(certificate.RawData, Base64FormattingOptions.InsertLineBreaks);

        HttpResponseMessage response = await PostAsync(Action, new JsonObject { ["Key"] = lines, ["password"] = null, ["k"] = null }.ToJsonString());

        // A password belongs to another action, and is no member of a key.
        await response.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "password");
        Assert.That((await PostAsync(Action, new JsonObject { ["Key"] = lines, ["k"] = null }.ToJsonString())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("{}", "AADB2C90253")]
    [TestCase("""{"key":""}""", "AADB2C90253")]
    [TestCase("""{"key":1}""", "BadRequest")]
    [TestCase("""{"key":"not base64"}""", "AADB2C95034")]
    [TestCase("""{"key":"AAAA"}""", "AADB2C95034")]
    [TestCase("""{"key":" "}""", "AADB2C95034")]
    [TestCase("""{"key":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}""", "AADB2C95034")]
    [TestCase("""{"key":"-----BEGIN CERTIFICATE-----"}""", "AADB2C95034")]
    [TestCase("""{"key":"-----"}""", "AADB2C95034")]
    public Task Refuses_what_is_no_certificate(string body, string code) => AssertRefusedAsync(Action, body, code, "key");

    [Test]
    public async Task Refuses_a_private_key_that_lies_beside_its_certificate()
    {
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = SampleKeys.Certificate(rsa);

        await AssertRefusedAsync(Action, Body(certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem()).ToJsonString(), "AADB2C95034", "key");
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

        await AssertRefusedAsync(Action, Body(pem).ToJsonString(), "AADB2C95034", "x5c");
    }

    [Test]
    public async Task Refuses_a_certificate_of_more_than_16_kibibytes()
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = Request(rsa);
        request.CertificateExtensions.Add(new X509Extension("1.2.3.4", new byte[16 * 1024], critical: false));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        await AssertRefusedAsync(Action, Body(certificate).ToJsonString(), "AADB2C95034", "x5c/0");
    }

    [Test]
    public async Task Refuses_the_same_certificate_twice()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        await AddAsync(Action, Body(certificate));

        await AssertRefusedAsync(Action, Body(certificate).ToJsonString(), "BadRequest", "kid");
    }

    private static CertificateRequest Request(RSA rsa) => new("CN=KeySets", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static JsonObject Body(X509Certificate2 certificate) => Body(Convert.ToBase64String(certificate.RawData));

    private static JsonObject Body(string key) => new() { ["key"] = key };

    private static string Subject(string certificate)
    {
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate));
        return parsed.Subject;
    }

    private static long Seconds(string line) => DateTimeOffset.Parse(line.Split('=')[1], CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}

using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets('{id}')/uploadCertificate</c>.</summary>
public sealed class UploadCertificateTests : OperationTests
{
    private const string Action = "uploadCertificate";

    [Test]
    public async Task Takes_every_number_from_a_certificate_made_by_openssl()
    {
        using OpenSsl openssl = new();
        openssl.MakeChain();
        openssl.Run("x509 -in leaf.pem -outform DER -out leaf.der");

        JsonObject key = await AddAsync(Action, Body(openssl.Base64("leaf.der")));

        string[] dates = openssl.Run("x509 -in leaf.pem -noout -dates -dateopt iso_8601").Split('\n');
        string fingerprint = openssl.Run("x509 -in leaf.pem -noout -fingerprint -sha1").Trim().Split('=')[1];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Convert.ToHexString(Base64Url.DecodeFromChars((string)key["n"]!)),
                Is.EqualTo(openssl.Modulus("leaf.pem")));
            Assert.That((string?)key["e"], Is.EqualTo("AQAB"));
            Assert.That(
                Convert.ToHexString(Base64Url.DecodeFromChars((string)key["x5t"]!)),
                Is.EqualTo(fingerprint.Replace(":", "", StringComparison.Ordinal)));
            Assert.That((long?)key["nbf"], Is.EqualTo(Seconds(dates[0])));
            Assert.That((long?)key["exp"], Is.EqualTo(Seconds(dates[1])));
            Assert.That(key["x5c"]!.AsArray().Select(item => (string?)item), Is.EqualTo([openssl.Base64("leaf.der")]));
            Assert.That(Members(key, "kty", "use"), Is.EqualTo("RSA sig"));
            Assert.That((string?)key["kid"], Has.Length.EqualTo(43));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Takes_a_chain_in_pem(bool isBase64)
    {
        using OpenSsl openssl = new();
        openssl.MakeChain();
        string pem = $"\n{openssl.Text("leaf.pem")}{openssl.Text("root.pem")}";

        JsonObject key = await AddAsync(
            Action, Body(isBase64 ? Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)) : pem));

        Assert.That(key["x5c"]!.AsArray().Select(item => Subject((string)item!)), Is.EqualTo(["CN=leaf", "CN=root"]));
        Assert.That(
            Convert.ToHexString(Base64Url.DecodeFromChars((string)key["n"]!)), Is.EqualTo(openssl.Modulus("leaf.pem")));
    }

    [Test]
    public async Task Answers_with_the_key_as_a_read_shows_it_and_gives_it_its_thumbprint()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();

        JsonObject key = await AddAsync(Action, Body(certificate));

        string required = $$"""{"e":"{{key["e"]}}","kty":"RSA","n":"{{key["n"]}}"}""";
        Assert.That(
            (string?)key["kid"],
            Is.EqualTo(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(required)))));
        key.Remove("@odata.context");
        Assert.That((await KeysAsync()).Single()!.ToJsonString(), Is.EqualTo(key.ToJsonString()));
    }

    [TestCase(null, "sig")]
    [TestCase(X509KeyUsageFlags.DigitalSignature, "sig")]
    [TestCase(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, "sig")]
    [TestCase(X509KeyUsageFlags.KeyEncipherment, "enc")]
    [TestCase(X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.KeyEncipherment, "enc")]
    public async Task Makes_a_key_for_encryption_if_the_certificate_allows_nothing_else(
        X509KeyUsageFlags? usages, string use)
    {
        using RSA rsa = RSA.Create(2048);
        CertificateRequest request = Request(rsa);
        if (usages is { } flags)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(flags, critical: true));
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        Assert.That((string?)(await AddAsync(Action, Body(certificate)))["use"], Is.EqualTo(use));
    }

    [Test]
    public async Task Takes_capitalised_names_and_lines_of_base64()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        string lines = Convert.ToBase64String(certificate.RawData, Base64FormattingOptions.InsertLineBreaks);

        Assert.That(
            (await PostAsync(Action, new JsonObject { ["Key"] = lines }.ToJsonString())).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("Bag Attributes\n    friendlyName: leaf\n{0}\nsubject=CN = root\n{1}\n")]
    [TestCase("\uFEFF{0}\r\n{1}")]
    public async Task Finds_the_chain_among_other_text(string format)
    {
        using CertificateAuthority root = new("root");
        using X509Certificate2 certificate = root.Certify("leaf", SampleKeys.Rsa);
        string pem = string.Format(
            null, format, certificate.ExportCertificatePem(), root.Certificate.ExportCertificatePem());

        foreach (string key in (string[])[pem, Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))])
        {
            Assert.That((await AddAsync(Action, Body(key)))["x5c"]!.AsArray(), Has.Count.EqualTo(2));
            await Writer.DeleteAsync($"{Set}/keys");
        }
    }

    [Test]
    public async Task Orders_a_chain_in_pem_and_takes_the_key_of_its_leaf()
    {
        using CertificateAuthority root = new("root", key: RSA.Create(2048));
        using CertificateAuthority inter = new("inter", root, RSA.Create(2048));
        using X509Certificate2 leaf = inter.Certify("leaf", SampleKeys.Rsa);
        X509Certificate2[] chain = [leaf, inter.Certificate, root.Certificate];
        foreach (int[] order in (int[][])[[2, 1, 0], [1, 0, 2], [2, 0, 1]])
        {
            JsonObject key = await AddAsync(
                Action, Body(string.Join('\n', order.Select(index => chain[index].ExportCertificatePem()))));

            Assert.That(
                key["x5c"]!.AsArray().Select(item => Subject((string)item!)),
                Is.EqualTo(["CN=leaf", "CN=inter", "CN=root"]));
            Assert.That((string?)key["n"], Is.EqualTo((string?)SampleKeys.PublicRsa()["n"]));
            await Writer.DeleteAsync($"{Set}/keys");
        }
    }

    [Test]
    public async Task Refuses_certificates_that_are_not_one_chain()
    {
        using CertificateAuthority root = new("root");
        using CertificateAuthority stranger = new("stranger");
        using X509Certificate2 leaf = root.Certify("leaf", SampleKeys.Rsa);
        using RSA other = RSA.Create(2048);
        using X509Certificate2 second = root.Certify("second", other);
        foreach (X509Certificate2[] certificates in (X509Certificate2[][])[
            [leaf, second, root.Certificate],
            [leaf, stranger.Certificate],
            [leaf, leaf],
        ])
        {
            string pem = string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem()));
            await AssertRefusedAsync(Action, Body(pem).ToJsonString(), "AADB2C95034", "key");
        }
    }

    private static CertificateRequest Request(RSA rsa) =>
        new("CN=KeySets", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    private static JsonObject Body(X509Certificate2 certificate) => Body(Convert.ToBase64String(certificate.RawData));

    private static JsonObject Body(string key) => new() { ["key"] = key };

    private static string Subject(string certificate)
    {
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate));
        return parsed.Subject;
    }

    private static long Seconds(string line) =>
        DateTimeOffset.Parse(line.Split('=')[1], CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}

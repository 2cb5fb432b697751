using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets('{id}')/uploadPkcs12</c>.</summary>
public sealed class UploadPkcs12Tests : OperationTests
{
    private const string Action = "uploadPkcs12";
    private const string Password = "päss wörd";

    private static readonly PbeParameters Fast = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);

    // The format that openssl writes by default, the one that it wrote for twenty years, and every kind of file without
    // a password.
    [TestCase("-passout pass:secret", "secret")]
    [TestCase("-passout pass:secret -legacy", "secret")]
    [TestCase("-passout pass:secret -nomac", "secret")]
    [TestCase("-passout pass:secret -iter 600000", "secret")]
    [TestCase("-passout pass:secret -iter 1000000", "secret")]
    [TestCase("-passout pass:", "")]
    [TestCase("-passout pass:", null)]
    [TestCase("-passout pass: -nomac", null)]
    [TestCase("-passout pass: -keypbe NONE -certpbe NONE -nomac", null)]
    public async Task Imports_files_made_by_openssl(string options, string? password)
    {
        using OpenSsl openssl = new();
        openssl.MakeChain();
        openssl.Run($"pkcs12 -export -inkey leaf.key -in leaf.pem -certfile root.pem -out leaf.pfx {options}");

        JsonObject key = await AddAsync(Action, Body(openssl.Base64("leaf.pfx"), password));

        PrivateMembers members = (await Application.PrivateMembersAsync(Id, (string)key["kid"]!))!;
        Assert.That(
            Convert.ToHexString(Base64Url.DecodeFromChars((string)key["n"]!)), Is.EqualTo(openssl.Modulus("leaf.pem")));
        Assert.That(key["x5c"]!.AsArray(), Has.Count.EqualTo(2), "the key has the whole chain");
        Assert.That(Members(key, "kty", "use", "e"), Is.EqualTo("RSA sig AQAB"));
        Assert.That(Number(members.D), Is.EqualTo(Printed(openssl, "privateExponent")));
        Assert.That(Number(members.P), Is.EqualTo(Printed(openssl, "prime1")));
        Assert.That(Number(members.Q), Is.EqualTo(Printed(openssl, "prime2")));
    }

    [Test]
    public async Task Answers_with_the_key_as_a_read_shows_it()
    {
        JsonObject key = await AddAsync(Action, Body(SampleKeys.Pkcs12Text(Password), Password));

        Assert.That(
            key.Select(member => member.Key), Does.Contain("x5t").And.None.AnyOf("d", "p", "q", "dp", "dq", "qi", "k"));
        key.Remove("@odata.context");
        Assert.That((await KeysAsync()).Single()!.ToJsonString(), Is.EqualTo(key.ToJsonString()));
    }

    [Test]
    public async Task Orders_the_certificates_so_that_each_certifies_the_one_before_it()
    {
        using RSA authority = RSA.Create(2048);
        using RSA own = RSA.Create(2048);
        using X509Certificate2 root = Certificate("CN=root", "CN=root", authority, authority);
        using X509Certificate2 middle = Certificate("CN=middle", "CN=root", authority, authority);
        using X509Certificate2 stranger = Certificate("CN=stranger", "CN=root", authority, authority);
        using X509Certificate2 leaf = Certificate("CN=leaf", "CN=middle", own, authority);
        using X509Certificate2 leafWithKey = leaf.CopyWithPrivateKey(own);
        X509Certificate2Collection file = [root, stranger, leafWithKey, middle];

        JsonObject key = await AddAsync(
            Action, Body(Convert.ToBase64String(file.ExportPkcs12(Fast, Password)), Password));

        Assert.That(
            key["x5c"]!.AsArray().Select(item => Subject((string)item!)),
            Is.EqualTo(["CN=leaf", "CN=middle", "CN=root"]));
    }

    [Test]
    public async Task Takes_capitalised_names() => Assert.That(
        (await PostAsync(
            Action,
            new JsonObject { ["Key"] = SampleKeys.Pkcs12Text(Password), ["Password"] = Password }.ToJsonString()))
            .StatusCode,
        Is.EqualTo(HttpStatusCode.OK));

    [TestCase("wrong")]
    [TestCase("")]
    [TestCase(null)]
    public Task Refuses_another_password(string? password) =>
        AssertRefusedAsync(
            Action, Body(SampleKeys.Pkcs12Text(Password), password).ToJsonString(), "AADB2C95025", "password");

    [TestCase("{}", "AADB2C90253")]
    [TestCase("""{"key":null,"password":"x"}""", "AADB2C90253")]
    [TestCase("""{"key":"***"}""", "AADB2C95034")]
    [TestCase("""{"key":"MAA="}""", "AADB2C95034")]
    [TestCase("""{"key":"AAAA"}""", "AADB2C95034")]
    public Task Refuses_anything_but_a_PKCS_12_file(string body, string code) =>
        AssertRefusedAsync(Action, body, code, "key");

    [Test]
    public async Task Refuses_a_file_that_is_cut_off()
    {
        byte[] file = Convert.FromBase64String(SampleKeys.Pkcs12Text(Password));

        foreach (int length in (int[])[1, 10, 100, file.Length / 2, file.Length - 1])
        {
            await AssertRefusedAsync(
                Action, Body(Convert.ToBase64String(file[..length]), Password).ToJsonString(), "AADB2C95034", "key");
        }
    }

    [Test]
    public async Task Refuses_a_file_without_a_private_key()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();
        using X509Certificate2 publicPart = X509CertificateLoader.LoadCertificate(certificate.RawData);
        string file = Convert.ToBase64String(publicPart.ExportPkcs12(Fast, Password));

        await AssertRefusedAsync(Action, Body(file, Password).ToJsonString(), "AADB2C95034", "key");
    }

    [Test]
    public async Task Refuses_another_type_of_key()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=ec", ec, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));

        await AssertRefusedAsync(
            Action,
            Body(Convert.ToBase64String(certificate.ExportPkcs12(Fast, Password)), Password).ToJsonString(),
            "AADB2C95034",
            "key");
    }

    [TestCase(11, 1)]
    [TestCase(1, 2)]
    public async Task Refuses_more_than_10_certificates_and_more_than_one_key(int certificates, int keys)
    {
        X509Certificate2Collection file = [];
        for (int index = 0; index < certificates + keys; index++)
        {
            using RSA rsa = RSA.Create(2048);
            X509Certificate2 certificate = Certificate($"CN={index}", "CN=root", rsa, rsa);
            file.Add(index < keys ? certificate.CopyWithPrivateKey(rsa) : certificate);
        }

        await AssertRefusedAsync(
            Action,
            Body(Convert.ToBase64String(file.ExportPkcs12(Fast, Password)), Password).ToJsonString(),
            "AADB2C95034",
            "key");
    }

    // The first case is CVE-2026-63572: a few bytes that would cost minutes.
    [TestCase(int.MaxValue)]
    [TestCase(1_000_001)]
    [TestCase(0)]
    [TestCase(-1)]
    public Task Refuses_too_many_or_too_few_iterations_of_the_MAC(int iterations) =>
        AssertRefusedAsync(
            Action,
            Body(Convert.ToBase64String(Pkcs12Files.WithMacOf(iterations)), Password).ToJsonString(),
            "AADB2C95034",
            "key");

    // One part with too many iterations, and four parts with too many in total.
    [TestCase(1, 1_000_001)]
    [TestCase(4, 750_001)]
    public async Task Refuses_too_many_iterations_within_the_file(int contents, int iterations)
    {
        Pkcs12Builder builder = new();
        for (int index = 0; index < contents; index++)
        {
            Pkcs12SafeContents safe = new();
            using X509Certificate2 certificate = SampleKeys.Certificate();
            safe.AddCertificate(certificate);
            builder.AddSafeContentsEncrypted(
                safe,
                Password,
                new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations));
        }

        builder.SealWithMac(Password, HashAlgorithmName.SHA256, 1);
        string body = Body(Convert.ToBase64String(builder.Encode()), Password).ToJsonString();

        await AssertRefusedAsync(Action, body, "AADB2C95034", "key");
        Assert.That(
            (string?)(await (await PostAsync(Action, body)).JsonAsync())["error"]!["message"],
            Does.Contain("iterations"));
    }

    private static X509Certificate2 Certificate(string subject, string issuer, RSA key, RSA authority) =>
        new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Create(
            new X500DistinguishedName(issuer),
            X509SignatureGenerator.CreateForRSA(authority, RSASignaturePadding.Pkcs1),
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(50),
            [1]);

    private static JsonObject Body(string key, string? password) => new() { ["key"] = key, ["password"] = password };

    private static string Subject(string certificate)
    {
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(certificate));
        return parsed.Subject;
    }

    private static string Number(string? base64Url) =>
        Convert.ToHexString(Base64Url.DecodeFromChars(base64Url)).TrimStart('0');

    /// <remarks>openssl prints a number as lines of bytes below its name.</remarks>
    private static string Printed(OpenSsl openssl, string name) => openssl.Run("rsa -in leaf.key -noout -text")
        .Split($"\n{name}:")[1]
        .Split('\n')
        .Skip(1)
        .TakeWhile(line => line.StartsWith(' '))
        .Aggregate("", (digits, line) => digits + line.Replace(":", "", StringComparison.Ordinal).Trim())
        .TrimStart('0')
        .ToUpperInvariant();
}

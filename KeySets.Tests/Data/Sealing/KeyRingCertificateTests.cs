using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Sealing;

/// <summary>A key ring that a certificate encrypts, wherever it lies.</summary>
[OnEveryDatabase]
public sealed class KeyRingCertificateTests : ProcessTests
{
    private const string Password = "canary-password";

    private TestDatabase _database = null!;

    [SetUp]
    public void CreateDatabase() => _database = TestDatabase.Create(Folder);

    [TearDown]
    public void CloseDatabase() => _database.Close();

    [Test]
    public async Task Opens_with_the_certificate_alone_or_with_a_newer_one_beside_it()
    {
        string[] first = ["--DataProtection:Certificate:Path", NewPfx("first"), .. PasswordOf("Certificate")];
        using (KeySetsProcess service = Start(first))
        {
            using HttpClient client = await service.ClientAsync();
            await client.CreateAsync("""{"id":"sealed","keys":[{"kty":"oct","k":"bGFzdA"}]}""");
            Assert.That(service.Output, Does.Not.Contain("is not encrypted"));
        }

        Assert.That(_database.ReadStored().AsSpan().IndexOf("CipherValue"u8), Is.Positive, "the ring is encrypted");
        await AssertNotReadyAsync();
        await AssertNotReadyAsync(
            ["--DataProtection:Certificate:Path", NewPfx("other"), .. PasswordOf("Certificate")]);
        using KeySetsProcess renewed = Start(
        [
            "--DataProtection:Certificate:Path", NewPem("second", out string key),
            "--DataProtection:Certificate:KeyPath", key,
            "--DataProtection:PreviousCertificates:0:Path", first[1], .. PasswordOf("PreviousCertificates:0"),
        ]);
        using HttpClient reader = await renewed.ClientAsync();
        Assert.That(await reader.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        Assert.That(renewed.Output, Does.Not.Contain("do not open"));
    }

    [Test]
    public async Task Is_refused_without_a_certificate_that_can_decrypt()
    {
        string pfx = NewPfx("first");
        await AssertRefusedAsync(
            ["--DataProtection:Certificate:Path", pfx, "--DataProtection:Certificate:Password", "wrong"],
            "DataProtection:Certificate:Path is not a PKCS #12 file that its Password opens");
        await AssertRefusedAsync(
            ["--DataProtection:Certificate:Path", Folder.File("missing.pfx")], "DataProtection:Certificate:Path");
        using ECDsa curve = ECDsa.Create();
        using X509Certificate2 ofCurve = new CertificateRequest("CN=ec", curve, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllBytesAsync(Folder.File("ec.pfx"), ofCurve.Export(X509ContentType.Pkcs12));
        await AssertRefusedAsync(
            ["--DataProtection:Certificate:Path", Folder.File("ec.pfx")], "not a certificate with an RSA private key");
    }

    private static string[] PasswordOf(string section) => [$"--DataProtection:{section}:Password", Password];

    private static X509Certificate2 NewCertificate(string name)
    {
        using RSA key = RSA.Create(2048);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
    }

    private string NewPfx(string name)
    {
        using X509Certificate2 certificate = NewCertificate(name);
        string path = Folder.File($"{name}.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, Password));
        return path;
    }

    private string NewPem(string name, out string keyPath)
    {
        using X509Certificate2 certificate = NewCertificate(name);
        (string path, keyPath) = (Folder.File($"{name}.pem"), Folder.File($"{name}.key"));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        using RSA key = certificate.GetRSAPrivateKey()!;
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return path;
    }

    private KeySetsProcess Start(params string[] settings) => new(
        Folder.FullPath,
        "Development",
        [.. _database.Settings.Select(setting => $"--{setting.Key}={setting.Value}"), .. settings]);

    /// <summary>Asserts that public parts are served, and that the ring gets no key that it could use.</summary>
    private async Task AssertNotReadyAsync(params string[] settings)
    {
        using KeySetsProcess service = Start(settings);
        using HttpClient client = await service.ClientAsync();
        Assert.That(
            (await client.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(
            (await client.GetAsync($"{HttpExtensions.KeySets}('sealed')")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (await client.CreateAsync("""{"keys":[{"kty":"oct","k":"bGFzdA"}]}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(service.Output, Does.Contain("Its certificate may be missing").And.Not.Contain(Password));
    }

    private async Task AssertRefusedAsync(string[] settings, string reason)
    {
        using KeySetsProcess service = Start(settings);
        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.Contain(reason).And.Not.Contain(Password));
    }
}

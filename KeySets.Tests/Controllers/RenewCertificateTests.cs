using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>
/// <c>POST …/uploadCertificate</c> and <c>…/uploadPkcs12</c> of a key that the set has: the renewed certificate takes
/// the place of the old one.
/// </summary>
public sealed class RenewCertificateTests : OperationTests
{
    private const string Kid = "signer";

    private JsonObject _before = null!;

    [SetUp]
    public async Task AddTheKeyBetweenOthers()
    {
        JsonObject key = SampleKeys.PrivateRsa();
        (key["kid"], key["use"], key["nbf"], key["exp"]) = (Kid, "sig", 1, 2);
        await PutKeysAsync(
            JsonNode.Parse("""{"kty":"EC","kid":"first"}""")!, key, JsonNode.Parse("""{"kty":"EC","kid":"last"}""")!);
        await DisableAsync(Kid);
        _before = (await KeysAsync())[1]!.AsObject();
    }

    [Test]
    public async Task Gives_the_key_its_new_certificates_and_dates_and_leaves_the_rest()
    {
        byte[]? sealedBefore = await Application.SealedMembersAsync(Id, Kid);
        string tag = (await Writer.GetAsync(Set)).Header("ETag")!;
        using CertificateAuthority root = new("root");
        using X509Certificate2 certificate = root.Certify("renewed", SampleKeys.Rsa);
        string pem = certificate.ExportCertificatePem() + "\n" + root.Certificate.ExportCertificatePem();

        HttpResponseMessage response =
            await PostAsync("uploadCertificate", new JsonObject { ["key"] = pem }.ToJsonString());

        JsonObject answer = await response.JsonAsync();
        JsonArray keys = await KeysAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(keys.Select(key => (string?)key!["kid"]), Is.EqualTo(["first", Kid, "last"]));
            JsonObject expected = _before.DeepClone().AsObject();
            expected["x5c"] = new JsonArray(
                Convert.ToBase64String(certificate.RawData), Convert.ToBase64String(root.Certificate.RawData));
            expected["x5t"] = SampleKeys.Text(certificate.GetCertHash());
            expected["nbf"] = new DateTimeOffset(certificate.NotBefore).ToUnixTimeSeconds();
            expected["exp"] = new DateTimeOffset(certificate.NotAfter).ToUnixTimeSeconds();
            Assert.That(keys[1]!.ToJsonString(), Is.EqualTo(expected.ToJsonString()));
            answer.Remove("@odata.context");
            Assert.That(answer.ToJsonString(), Is.EqualTo(expected.ToJsonString()));
            Assert.That(
                response.Header("ETag"),
                Is.EqualTo((await Writer.GetAsync(Set)).Header("ETag")).And.Not.EqualTo(tag));
            Assert.That(await StatusAsync(), Is.EqualTo("disabled"));
            Assert.That(await Application.SealedMembersAsync(Id, Kid), Is.EqualTo(sealedBefore));
        }
    }

    [Test]
    public async Task Brings_the_private_part_of_a_pfx_along()
    {
        await PutKeysAsync(With(SampleKeys.PublicRsa(), Kid));

        JsonObject file = new() { ["key"] = SampleKeys.Pkcs12Text("x", otherKey: false), ["password"] = "x" };

        HttpResponseMessage response = await PostAsync("uploadPkcs12", file.ToJsonString());

        Assert.That((string?)(await response.JsonAsync())["kid"], Is.EqualTo(Kid));
        Assert.That(await KeysAsync(), Has.Count.EqualTo(1));
        PrivateMembers? members = await Application.PrivateMembersAsync(Id, Kid);
        Assert.That(members?.D, Is.EqualTo((string?)SampleKeys.PrivateRsa()["d"]));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain(members!.D));
    }

    [Test]
    public async Task Can_be_done_again_and_again()
    {
        for (int time = 0; time < 3; time++)
        {
            using X509Certificate2 certificate = SampleKeys.Certificate();
            Assert.That(
                (await PostAsync("uploadCertificate", Body(certificate))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(
                (string?)(await KeysAsync())[1]!["x5t"], Is.EqualTo(SampleKeys.Text(certificate.GetCertHash())));
        }
    }

    [Test]
    public async Task Renews_in_a_full_set_too()
    {
        await PutKeysAsync([With(SampleKeys.PublicRsa(), Kid), .. Enumerable.Range(0, 99).Select(
            number => JsonNode.Parse($$"""{"kty":"EC","kid":"{{number}}"}""")!)]);
        using X509Certificate2 certificate = SampleKeys.Certificate();

        Assert.That(
            (await PostAsync("uploadCertificate", Body(certificate))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Adds_the_certificate_of_another_key_to_the_end()
    {
        using RSA other = RSA.Create(2048);
        using X509Certificate2 certificate = SampleKeys.Certificate(other);

        await AddAsync("uploadCertificate", JsonNode.Parse(Body(certificate))!.AsObject());

        Assert.That(await KeysAsync(), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Follows_If_Match()
    {
        using X509Certificate2 certificate = SampleKeys.Certificate();

        await (await PostAsync("uploadCertificate", Body(certificate), ("If-Match", "W/\"old\"")))
            .AssertErrorAsync(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "If-Match");
        Assert.That((await KeysAsync())[1]!.ToJsonString(), Is.EqualTo(_before.ToJsonString()));
    }

    private static string Body(X509Certificate2 certificate) =>
        new JsonObject { ["key"] = Convert.ToBase64String(certificate.RawData) }.ToJsonString();

    private static JsonObject With(JsonObject key, string kid)
    {
        key["kid"] = kid;
        return key;
    }

    private Task<string> StatusAsync() => Writer.GetStringAsync($"{Set}/keys_v2('{Kid}')/status/$value");
}

using System.Text;
using System.Text.Json.Nodes;
using KeySets.Api.Data.Sealing;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Sealing;

/// <summary>Requests while sealed values do not open. No request opens one, so all of them go on.</summary>
public sealed class DamagedRowRequestTests : SealedRowTests
{
    [Test]
    public async Task Hinder_no_request_and_stay_as_they_are_until_a_private_part_comes()
    {
        byte[] moved = (await Application.SealedMembersAsync("rsa", "next"))!;
        await Application.PutSealedMembersAsync("rsa", "key", moved);
        JsonNode read = (await (await Application.Reader.GetAsync($"{Sets}('rsa')")).JsonAsync())["keys"]!;

        (string Method, string Url, string? Body)[] requests =
        [
            ("GET", $"{Sets}?$expand=keys_v2", null), ("GET", $"{Sets}('rsa')/keys_v2('key')", null),
            ("GET", $"{Sets}('rsa')/getActiveKey", null), ("GET", $"{Sets}('rsa')/jwks", null),
            ("GET", "/health/live", null), ("GET", "/health/ready", null),
            ("PUT", $"{Sets}('rsa')", new JsonObject { ["keys"] = read.DeepClone() }.ToJsonString()),
            ("PATCH", $"{Sets}('rsa')/keys_v2('key')", """{"status":"disabled"}"""),
            ("POST", $"{Sets}('rsa')/generateKey", """{"use":"sig","kty":"RSA"}"""),
            ("POST", $"{Sets}('rsa')/uploadCertificate", $$"""{"key":"{{SampleKeys.CertificateText()}}"}"""),
            ("POST", $"{Sets}('beside')/uploadSecret", """{"use":"sig","k":"secret"}"""),
            ("POST", Sets, """{"id":"new","keys":[{"kty":"oct","k":"bmV3"}]}"""),
            ("DELETE", $"{Sets}('set')", null),
        ];
        foreach ((string method, string url, string? body) in requests)
        {
            HttpResponseMessage answer = await Application.Writer.SendAsync(
                new HttpMethod(method),
                url,
                body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.That(
                answer.IsSuccessStatusCode, $"{method} {url}: {await answer.Content.ReadAsStringAsync()}");
        }

        Assert.That(await Application.SealedMembersAsync("rsa", "key"), Is.EqualTo(moved), "as it lies there");
        Assert.That(await ScanAsync(), Is.EqualTo([new DamagedKey("rsa", "key")]));

        string pfx = SampleKeys.Pkcs12Text("p", otherKey: false);
        await Application.Writer.SendJsonAsync(
            HttpMethod.Post, $"{Sets}('rsa')/uploadPkcs12", $$"""{"key":"{{pfx}}","password":"p"}""");
        Assert.That(await ScanAsync(), Is.Empty, "the file brings the private part");
        Assert.That(
            (await Application.PrivateMembersAsync("rsa", "key"))!.D,
            Is.EqualTo((string?)SampleKeys.PrivateRsa()["d"]));
    }

    [Test]
    public async Task Go_with_a_value_that_a_client_sends_and_with_their_key()
    {
        await Application.PutSealedMembersAsync("set", "key", Whole()[..7]);
        await Application.PutSealedMembersAsync("set", "next", Whole());

        await PutAsync("set", """[{"kty":"oct","kid":"key","k":"bmV3"},{"kty":"oct","kid":"next"}]""");
        Assert.That(await ScanAsync(), Is.EqualTo([new DamagedKey("set", "next")]));
        Assert.That((await Application.PrivateMembersAsync("set", "key"))!.K, Is.EqualTo("bmV3"));

        await Application.Writer.DeleteAsync($"{Sets}('set')/keys_v2('next')");
        Assert.That(await ScanAsync(), Is.Empty);
    }
}

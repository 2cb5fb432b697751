using System.Net;
using System.Net.Http.Headers;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Access;

/// <summary>The permission that each request needs. A token without it gets 403 at every URL.</summary>
public sealed class PermissionTests : ApiTests
{
    private const string Sets = HttpExtensions.KeySets;

    [SetUp]
    public async Task CreateSet() => await Writer.PutAsync(
        $"{Sets}('any')",
        new StringContent(
            """{"keys":[{"kty":"oct","kid":"1","use":"sig","k":"c2VjcmV0"}]}""",
            new MediaTypeHeaderValue("application/json")));

    [TestCase("GET", "/trustFramework")]
    [TestCase("GET", "/trustFramework/id")]
    [TestCase("GET", "/trustFramework/id/$value")]
    [TestCase("GET", Sets)]
    [TestCase("HEAD", Sets)]
    [TestCase("GET", $"/beta{Sets}")]
    [TestCase("GET", $"{Sets}/$count")]
    [TestCase("GET", $"{Sets}('any')")]
    [TestCase("GET", $"{Sets}/any")]
    [TestCase("GET", $"{Sets}('any')/id")]
    [TestCase("GET", $"{Sets}('any')/id/$value")]
    [TestCase("GET", $"{Sets}('any')/keys")]
    [TestCase("GET", $"{Sets}('any')/keys/$count")]
    [TestCase("GET", $"{Sets}('any')/keys_v2")]
    [TestCase("GET", $"{Sets}('any')/keys_v2/$count")]
    [TestCase("GET", $"{Sets}('any')/keys_v2('1')")]
    [TestCase("GET", $"{Sets}('any')/getActiveKey()")]
    [TestCase("HEAD", $"{Sets}/any/getActiveKey")]
    [TestCase("POST", $"{Sets}/$query")]
    [TestCase("POST", $"{Sets}('any')/keys/$query")]
    public async Task Reads_with_the_permission_to_read_and_no_less(string method, string url)
    {
        Assert.That(
            (await SendAsync(WithoutPermission(), method, url, "")).Header("WWW-Authenticate"),
            Does.EndWith("scope=\"TrustFrameworkKeySet.Read.All\""));
        Assert.That(
            (await SendAsync(WithoutPermission(), method, url, "")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await SendAsync(Application.Reader, method, url, "")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await SendAsync(Writer, method, url, "")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("POST", Sets, "{}")]
    [TestCase("PUT", $"{Sets}('any')", "{}")]
    [TestCase("PATCH", $"{Sets}('any')", "{}")]
    [TestCase("PUT", $"{Sets}('any')/keys", """{"value":[]}""")]
    [TestCase("POST", $"{Sets}('any')/keys", """{"kty":"EC"}""")]
    [TestCase("DELETE", $"{Sets}('any')/keys", "")]
    [TestCase("PATCH", $"{Sets}('any')/keys_v2('1')", """{"status":"disabled"}""")]
    [TestCase("DELETE", $"{Sets}('any')/keys_v2('1')", "")]
    [TestCase("POST", $"{Sets}('any')/generateKey", """{"use":"sig","kty":"oct"}""")]
    [TestCase("POST", $"{Sets}('any')/uploadSecret", """{"use":"sig","k":"secret"}""")]
    [TestCase("DELETE", $"/beta{Sets}/any", "")]
    public async Task Changes_with_the_permission_to_write_and_no_less(string method, string url, string body)
    {
        string before = await Writer.GetStringAsync(Sets);

        Assert.That(
            (await SendAsync(WithoutPermission(), method, url, body)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(
            (await SendAsync(Application.Reader, method, url, body)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await Writer.GetStringAsync(Sets), Is.EqualTo(before));
        Assert.That((await SendAsync(Writer, method, url, body)).IsSuccessStatusCode, Is.True);
    }

    [TestCase("uploadCertificate")]
    [TestCase("uploadPkcs12")]
    public async Task Imports_with_the_permission_to_write_and_no_less(string action)
    {
        await Writer.DeleteAsync($"{Sets}('any')/keys");
        string key = action == "uploadPkcs12" ? SampleKeys.Pkcs12Text(password: null) : SampleKeys.CertificateText();

        await Changes_with_the_permission_to_write_and_no_less(
            "POST", $"{Sets}('any')/{action}", $$"""{"key":"{{key}}"}""");
    }

    private HttpClient WithoutPermission() =>
        Application.ClientWith(Application.Issuer.CreateToken(token => token.Claims["scp"] = "openid"));

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string url, string body) => client.SendAsync(
        new HttpMethod(method),
        url,
        method is "GET" or "HEAD" or "DELETE"
            ? null
            : new StringContent(
                body,
                new MediaTypeHeaderValue(
                    url.EndsWith("$query", StringComparison.Ordinal) ? "text/plain" : "application/json")));
}

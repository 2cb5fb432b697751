using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Clients;

/// <summary>
/// npm jose, a JOSE implementation by others, verifies tokens with the keys that a running service publishes.
/// </summary>
public sealed class JoseTests : ProcessTests
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "everybody";
    private const string Set = "/trustFramework/keySets/signing";

    private KeySetsProcess _service = null!;
    private HttpClient _client = null!;
    private NodeProgram _verifier = null!;

    [SetUp]
    public async Task Start()
    {
        NodeJs.Require();
        _service = new KeySetsProcess(Folder.FullPath, "Development");
        _client = await _service.ClientAsync();
        Assert.That((await _client.CreateAsync("""{"id":"signing"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        _verifier = new NodeProgram(
            "verify.mjs", new Uri(_client.BaseAddress!, $"{Set}/jwks").AbsoluteUri, Issuer, Audience);
    }

    [TearDown]
    public void Stop()
    {
        _verifier?.Dispose();
        _client?.Dispose();
        _service?.Dispose();
    }

    [TestCase("RS256")]
    [TestCase("PS256")]
    public async Task Verifies_a_token_that_a_generated_key_signed(string algorithm)
    {
        JsonObject key = await AddAsync("generateKey", """{"use":"sig","kty":"RSA"}""");

        Assert.That(await _verifier.AskAsync(await SignAsync(key, algorithm)), Is.EqualTo($"valid {key["kid"]}"));
    }

    [Test]
    public async Task Verifies_a_token_that_an_imported_key_signed()
    {
        JsonObject key = await AddAsync(
            "uploadPkcs12",
            new JsonObject { ["Key"] = SampleKeys.Pkcs12Text("secret"), ["Password"] = "secret" }.ToJsonString());

        Assert.That(await _verifier.AskAsync(await SignAsync(key)), Is.EqualTo($"valid {key["kid"]}"));
    }

    [Test]
    public async Task Refuses_a_token_that_another_key_signed_under_a_published_kid()
    {
        JsonObject key = await AddAsync("generateKey", """{"use":"sig","kty":"RSA"}""");
        using RSA other = RSA.Create(2048);

        Assert.That(
            await _verifier.AskAsync(Token(new RsaSecurityKey(other) { KeyId = (string?)key["kid"] })),
            Is.EqualTo("invalid ERR_JWS_SIGNATURE_VERIFICATION_FAILED"));
    }

    [Test]
    public async Task Finds_a_new_key_and_no_longer_finds_a_disabled_one()
    {
        JsonObject first = await AddAsync("generateKey", """{"use":"sig","kty":"RSA"}""");
        Assert.That(await _verifier.AskAsync(await SignAsync(first)), Is.EqualTo($"valid {first["kid"]}"));

        JsonObject second = await AddAsync("generateKey", """{"use":"sig","kty":"RSA"}""");
        Assert.That(await _verifier.AskAsync(await SignAsync(second)), Is.EqualTo($"valid {second["kid"]}"));

        await _client.SendJsonAsync(HttpMethod.Patch, $"{Set}/keys_v2/{first["kid"]}", """{"status":"disabled"}""");
        using NodeProgram late =
            new("verify.mjs", new Uri(_client.BaseAddress!, $"{Set}/jwks").AbsoluteUri, Issuer, Audience);
        Assert.That(await late.AskAsync(await SignAsync(first)), Is.EqualTo("invalid ERR_JWKS_NO_MATCHING_KEY"));
        Assert.That(await late.AskAsync(await SignAsync(second)), Is.EqualTo($"valid {second["kid"]}"));
    }

    private async Task<JsonObject> AddAsync(string action, string body)
    {
        HttpResponseMessage response = await _client.SendJsonAsync(HttpMethod.Post, $"{Set}/{action}", body);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    /// <remarks>No request returns a private key: signing takes the database and the key ring of the service.</remarks>
    private async Task<string> SignAsync(JsonObject key, string algorithm = SecurityAlgorithms.RsaSha256)
    {
        PrivateMembersProtector protector = SealedKeys.Protector(Path.Combine(Folder.FullPath, "App_Data", "key-ring"));
        string kid = (string)key["kid"]!;
        PrivateMembers members = (await SealedKeys.OpenAsync(
            Path.Combine(Folder.FullPath, "App_Data", "keysets.db"), protector, "signing", kid))!;
        using RSA rsa = SealedKeys.Rsa((string)key["n"]!, (string)key["e"]!, members);
        return Token(new RsaSecurityKey(rsa) { KeyId = kid }, algorithm);
    }

    private static string Token(RsaSecurityKey key, string algorithm = SecurityAlgorithms.RsaSha256) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            SigningCredentials = new SigningCredentials(key, algorithm)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
}

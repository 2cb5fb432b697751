using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting.Access;

/// <summary>Tokens of an OpenID Connect issuer, validated against its discovery document and keys.</summary>
public sealed class AccessTests : ApiTests
{
    private const string Set = "/trustFramework/keySets/any";

    private TokenIssuer Issuer => Application.Issuer;

    [TestCase("/")]
    [TestCase("/$metadata")]
    [TestCase("/health/live")]
    [TestCase("/health/ready")]
    [TestCase("/beta")]
    [TestCase("/beta/$metadata")]
    public async Task Shows_its_description_and_health_without_a_token(string url) =>
        Assert.That((await Application.Anonymous.GetAsync(url)).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("GET", "/trustFramework/keySets/any")]
    [TestCase("GET", "/beta/trustFramework/keySets/any")]
    [TestCase("POST", "/trustFramework/keySets")]
    [TestCase("DELETE", "/trustFramework/keySets")]
    [TestCase("GET", "/nowhere")]
    public async Task Demands_a_token_for_everything_else(string method, string url)
    {
        HttpResponseMessage response = await Application.Anonymous.SendAsync(new HttpMethod(method), url);

        await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        Assert.That(response.Header("WWW-Authenticate"), Is.EqualTo("Bearer"));
    }

    [TestCase("scp", "TrustFrameworkKeySet.Read.All")]
    [TestCase("scp", "openid TrustFrameworkKeySet.Read.All profile")]
    [TestCase("scp", "TrustFrameworkKeySet.ReadWrite.All")]
    [TestCase("scope", "TrustFrameworkKeySet.Read.All")]
    public async Task Lets_a_person_with_a_permission_read(string claim, string value) =>
        await AssertReadsAsync(Issuer.CreateToken(token => token.Claims[claim] = value));

    [TestCase("TrustFrameworkKeySet.Read.All")]
    [TestCase("TrustFrameworkKeySet.ReadWrite.All")]
    public async Task Lets_an_application_with_a_permission_read(string role) =>
        await AssertReadsAsync(Issuer.CreateToken(token => token.Claims["roles"] = new[] { "Other", role }));

    [TestCase("scp")]
    [TestCase("roles")]
    public async Task Creates_a_set_with_the_permission_to_write(string claim)
    {
        HttpClient client = Application.ClientWith(
            Issuer.CreateToken(token => token.Claims[claim] = KeySetsApplication.ReadWrite));

        Assert.That((await client.CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Creates_no_set_with_the_permission_to_read()
    {
        HttpResponseMessage response = await Application.Reader.CreateAsync("""{"id":"read-only"}""");

        await response.AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");
        Assert.That(
            response.Header("WWW-Authenticate"),
            Is.EqualTo("Bearer error=\"insufficient_scope\", scope=\"TrustFrameworkKeySet.ReadWrite.All\""));
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/read-only")).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("scp", "")]
    [TestCase("scp", "TrustFrameworkKeySet.Read")]
    [TestCase("scp", "trustframeworkkeyset.read.all")]
    [TestCase("scp", "TrustFrameworkKeySet.Read.All.Not")]
    [TestCase("name", "TrustFrameworkKeySet.ReadWrite.All")]
    public async Task Refuses_a_token_without_the_permission(string claim, string value)
    {
        HttpClient client = Application.ClientWith(Issuer.CreateToken(token => token.Claims[claim] = value));

        HttpResponseMessage response = await client.GetAsync(Set);

        await response.AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");
        Assert.That(
            response.Header("WWW-Authenticate"),
            Is.EqualTo("Bearer error=\"insufficient_scope\", scope=\"TrustFrameworkKeySet.Read.All\""));
    }

    [Test]
    public async Task Refuses_an_expired_token() => await AssertInvalidAsync(TokenIssuer.Expire);

    [Test]
    public async Task Refuses_a_token_that_is_not_valid_yet() => await AssertInvalidAsync(TokenIssuer.Postpone);

    [Test]
    public async Task Refuses_a_token_that_never_expires() => await AssertInvalidAsync(token => token.Expires = null);

    [Test]
    public async Task Refuses_a_token_for_another_audience() =>
        await AssertInvalidAsync(token => token.Audience = "api://other");

    [Test]
    public async Task Refuses_a_token_without_an_audience() => await AssertInvalidAsync(token => token.Audience = null);

    [Test]
    public async Task Refuses_a_token_of_another_issuer() =>
        await AssertInvalidAsync(token => token.Issuer = "https://other.example");

    [Test]
    public async Task Refuses_a_token_that_another_key_signed()
    {
        using RSA other = RSA.Create(2048);
        await AssertInvalidAsync(token => TokenIssuer.Forge(token, other));
    }

    [Test]
    public async Task Refuses_a_token_that_brings_its_own_key()
    {
        using RSA other = RSA.Create(2048);
        JsonWebKey key = JsonWebKeyConverter.ConvertFromRSASecurityKey(
            new RsaSecurityKey(other.ExportParameters(false)));
        await AssertInvalidAsync(token =>
        {
            token.SigningCredentials = new SigningCredentials(new RsaSecurityKey(other), SecurityAlgorithms.RsaSha256);
            token.AdditionalHeaderClaims = new Dictionary<string, object>
            {
                ["jwk"] = new Dictionary<string, object> { ["kty"] = "RSA", ["n"] = key.N, ["e"] = key.E },
                ["jku"] = "https://other.example/keys",
            };
        });
    }

    [Test]
    public async Task Refuses_a_token_without_a_signature()
    {
        await AssertInvalidAsync(token => token.SigningCredentials = null);

        string[] parts = Issuer.CreateToken(KeySetsApplication.ReadWrite).Split('.');
        await AssertInvalidAsync($"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.");
        await AssertInvalidAsync($"{parts[0]}.{parts[1]}.");
    }

    [Test]
    public async Task Refuses_a_token_with_the_public_key_as_its_secret()
    {
        RSAParameters parameters = Issuer.Key.Rsa.ExportParameters(includePrivateParameters: false);
        foreach (byte[] secret in new[]
        {
            Encoding.ASCII.GetBytes(Issuer.Key.Rsa.ExportSubjectPublicKeyInfoPem()),
            Issuer.Key.Rsa.ExportSubjectPublicKeyInfo(),
            parameters.Modulus!,
        })
        {
            SymmetricSecurityKey key = new(secret) { KeyId = Issuer.Key.KeyId };
            await AssertInvalidAsync(token =>
                token.SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256));
        }
    }

    [Test]
    public async Task Refuses_a_token_whose_claims_were_changed()
    {
        string[] read = Issuer.CreateToken(KeySetsApplication.Read).Split('.');
        string[] write = Issuer.CreateToken(KeySetsApplication.ReadWrite).Split('.');

        await AssertInvalidAsync($"{read[0]}.{write[1]}.{read[2]}");
    }

    [Test]
    public async Task Refuses_an_encrypted_token() => await AssertInvalidAsync(token =>
        token.EncryptingCredentials = new EncryptingCredentials(
            Issuer.Key, SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512));

    [Test]
    public async Task Refuses_a_token_of_more_than_16_KiB() =>
        await AssertInvalidAsync(token => token.Claims["padding"] = new string('x', 17_000));

    [TestCase("")]
    [TestCase("x")]
    [TestCase("x.y.z")]
    [TestCase("....")]
    public async Task Refuses_text_that_is_not_a_token(string token) =>
        await AssertInvalidAsync(token, isToken: token.Length > 0);

    [Test]
    public async Task Refuses_another_authentication_scheme()
    {
        HttpClient client = Application.Anonymous;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "dXNlcjpwYXNz");

        await (await client.GetAsync(Set)).AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
    }

    [Test]
    public async Task Warns_of_an_issuer_that_cannot_be_reached()
    {
        using LogCollector log = new();
        await using KeySetsApplication application =
            new(("Authentication:Schemes:Bearer:Authority", $"{TokenIssuer.Authority}/down")) { Log = log };

        HttpResponseMessage response = await application.Reader.GetAsync(Set);

        await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        Assert.That(
            () => log.Lines,
            Has.Some
                .Contains($"cannot be reached at {TokenIssuer.Authority}/down/.well-known/openid-configuration")
                .After(10_000, 50));
    }

    [TestCase("/health/live")]
    [TestCase("/$metadata")]
    [TestCase("/trustFramework/keySets/any/jwks")]
    public async Task Never_asks_the_issuer_about_a_request_without_a_token(string url)
    {
        using SilentIssuer issuer = new();
        await using KeySetsApplication application = new();
        using HttpClient client = application
            .WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
                services.Configure<JwtBearerOptions>(
                    JwtBearerDefaults.AuthenticationScheme, options => options.BackchannelHttpHandler = issuer)))
            .CreateClient();

        HttpResponseMessage response = await client.GetAsync(url).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.That(response.StatusCode, Is.AnyOf(HttpStatusCode.OK, HttpStatusCode.NotFound));
    }

    private async Task AssertReadsAsync(string token)
    {
        await Writer.CreateAsync("""{"id":"any"}""");

        Assert.That((await Application.ClientWith(token).GetAsync(Set)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private Task AssertInvalidAsync(Action<SecurityTokenDescriptor> change) =>
        AssertInvalidAsync(Issuer.CreateToken(token =>
        {
            token.Claims["scp"] = KeySetsApplication.ReadWrite;
            change(token);
        }));

    private async Task AssertInvalidAsync(string token, bool isToken = true)
    {
        HttpResponseMessage response = await Application.ClientWith(token).CreateAsync("""{"id":"forged"}""");

        await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        Assert.That(
            response.Header("WWW-Authenticate"), Does.StartWith(isToken ? "Bearer error=\"invalid_token\"" : "Bearer"));
        Assert.That(
            (await Writer.GetAsync("/trustFramework/keySets/forged")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    /// <summary>An issuer that takes requests and never answers them.</summary>
    private sealed class SilentIssuer : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new OperationCanceledException();
        }
    }
}

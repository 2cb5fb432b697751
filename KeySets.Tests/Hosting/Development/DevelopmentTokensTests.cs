using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KeySets.Api.Hosting.Development;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting.Development;

/// <summary>
/// Tokens by OAuth 2.0 in Development: the client-credentials grant (RFC 6749 section 4.4), discovery and keys.
/// </summary>
public sealed class DevelopmentTokensTests
{
    private readonly KeySetsStandIn _service = new();
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public void Start() => _client = _service.CreateClient();

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Test]
    public async Task Gives_a_client_a_token_that_creates_a_set()
    {
        JsonObject answer = await TokenAsync(("scope", Permissions.ReadWrite));

        Assert.That((string?)answer["token_type"], Is.EqualTo("Bearer"));
        Assert.That((int?)answer["expires_in"], Is.EqualTo(8 * 3600).Within(1));
        Assert.That(await CreateAsync(answer), Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Accepts_a_client_by_basic_authentication_too()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/oauth2/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
            Headers = { { "Authorization", $"Basic {Convert.ToBase64String("tests:anything"u8)}" } },
        };

        HttpResponseMessage response = await _client.SendAsync(request);

        Assert.That(await CreateAsync(await response.JsonAsync()), Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Gives_only_the_requested_scope()
    {
        JsonObject answer = await TokenAsync(("scope", Permissions.Read));

        Assert.That(await CreateAsync(answer), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await _service.ClientWithToken((string)answer["access_token"]!).GetAsync(
            "/trustFramework/keySets")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Gives_the_scope_for_everything_to_a_client_that_requests_none() =>
        Assert.That(await CreateAsync(await TokenAsync()), Is.EqualTo(HttpStatusCode.Created));

    [TestCase("scope", "unknown", "invalid_scope")]
    [TestCase("grant_type", "password", "unsupported_grant_type")]
    [TestCase("client_secret", "", "invalid_request")]
    public async Task Refuses_as_RFC_6749_section_5_2_demands(string name, string value, string error)
    {
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "tests",
            ["client_secret"] = "anything",
            [name] = value
        };

        HttpResponseMessage response = await _client.PostAsync("/oauth2/token", new FormUrlEncodedContent(form));

        Assert.That(response.StatusCode, Is.AnyOf(HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized));
        Assert.That((string?)(await response.JsonAsync())["error"], Is.EqualTo(error));
        Assert.That(response.Header("Cache-Control"), Does.Contain("no-store"));
    }

    [TestCase(
        "application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a&client_secret=b&scope=%00")]
    [TestCase("application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=a&client_secret=b&%00=")]
    [TestCase("multipart/form-data; boundary=x", "garbage")]
    public async Task Refuses_a_form_that_cannot_be_read(string mediaType, string form)
    {
        HttpResponseMessage response =
            await _client.PostAsync(
            "/oauth2/token", new StringContent(form, MediaTypeHeaderValue.Parse(mediaType)));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((string?)(await response.JsonAsync())["error"], Is.EqualTo("invalid_request"));
        Assert.That(response.Header("Content-Language"), Is.EqualTo("en"));
    }

    [Test]
    public async Task Are_refused_for_another_audience_and_before_their_time()
    {
        DevelopmentIssuer issuer = _service.Services.GetRequiredService<DevelopmentIssuer>();
        DateTime now = _service.Clock.GetUtcNow().UtcDateTime;
        string Token(string audience, DateTime notBefore) =>
            new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = DevelopmentIssuer.Name,
                Audience = audience,
                NotBefore = notBefore,
                Expires = now.AddDays(1),
                Claims = new Dictionary<string, object> { ["scp"] = Permissions.Read },
                SigningCredentials = issuer.Credentials,
            });

        Assert.That(await ReadAsync(Token(DevelopmentIssuer.Name, now)), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await ReadAsync(Token("somebody", now)), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            await ReadAsync(Token(DevelopmentIssuer.Name, now.AddMinutes(1))), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Can_be_found_and_verified_from_the_address_alone()
    {
        OpenIdConnectConfiguration discovered =
            OpenIdConnectConfiguration.Create(await _client.GetStringAsync("/.well-known/openid-configuration"));
        JsonWebKeySet keys = JsonWebKeySet.Create(await _client.GetStringAsync(discovered.JwksUri));
        JsonObject answer = await TokenAsync();

        TokenValidationResult result = await new JsonWebTokenHandler()
            .ValidateTokenAsync(
            (string?)answer["access_token"],
            new TokenValidationParameters
            {
                ValidIssuer = discovered.Issuer,
                ValidAudience = "urn:keysets:development",
                IssuerSigningKeys = keys.GetSigningKeys(),
            });

        Assert.That(discovered.Issuer, Is.EqualTo("http://localhost/"));
        Assert.That(discovered.TokenEndpoint, Is.EqualTo("http://localhost/oauth2/token"));
        Assert.That(discovered.GrantTypesSupported, Is.EqualTo(["client_credentials"]));
        Assert.That(result.IsValid, Is.True, result.Exception?.Message);
        Assert.That(keys.Keys.Single().HasPrivateKey, Is.False);
    }

    [Test]
    public async Task Are_refused_by_another_run()
    {
        await using KeySetsStandIn other = new();
        JsonObject answer = await TokenAsync();

        HttpResponseMessage response =
            await other.ClientWithToken((string)answer["access_token"]!).GetAsync("/trustFramework/keySets");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("/.well-known/openid-configuration")]
    [TestCase("/oauth2/token")]
    [TestCase("/scalar/")]
    [TestCase("/beta/scalar/")]
    public async Task Are_hidden_from_pages_that_reach_this_machine_by_another_name(string path)
    {
        HttpResponseMessage response = await _client.GetAsync(path, ("Host", "rebound.example"));

        await response.AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
    }

    [Test]
    public async Task Are_available_under_a_name_that_the_settings_list()
    {
        await using KeySetsStandIn service = new();
        HttpClient client =
            service
            .WithWebHostBuilder(builder => builder.UseSetting("AllowedHosts", "keysets"))
            .CreateClient();

        Assert.That((await client.GetAsync(
            "/.well-known/openid-configuration", ("Host", "keysets"))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Are_hidden_from_other_names_if_the_settings_allow_all_names()
    {
        await using KeySetsStandIn service = new();
        HttpClient client =
            service
            .WithWebHostBuilder(builder => builder.UseSetting("AllowedHosts", "localhost;*"))
            .CreateClient();

        await (await client.GetAsync("/scalar/", ("Host", "rebound.example")))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
    }

    [Test]
    public async Task Do_not_exist_if_an_issuer_is_configured()
    {
        await using KeySetsApplication application = new();

        await (await application.Reader.GetAsync("/.well-known/openid-configuration"))
            .AssertErrorAsync(HttpStatusCode.NotFound, "NotFound");
    }

    private async Task<HttpStatusCode> ReadAsync(string token) =>
        (await _service.ClientWithToken(token).GetAsync("/trustFramework/keySets")).StatusCode;

    private async Task<JsonObject> TokenAsync(params (string Name, string Value)[] form)
    {
        HttpResponseMessage response = await _client.PostAsync("/oauth2/token", new FormUrlEncodedContent(
            [.. form.Select(field => KeyValuePair.Create(field.Name, field.Value)), new(
                "grant_type", "client_credentials"), new("client_id", "tests"), new("client_secret", "anything")]));
        return await response.JsonAsync();
    }

    private async Task<HttpStatusCode> CreateAsync(JsonObject answer) =>
        (await _service.ClientWithToken((string)answer["access_token"]!).CreateAsync("{}")).StatusCode;
}

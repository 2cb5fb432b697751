using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using KeySets.Api.Hosting.Access;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace KeySets.Tests.Hosting.Access;

/// <summary>
/// A valid token is remembered for a minute, and no longer than it or the key of its issuer is good. So it is for the
/// most frequent requests, which a remembered token lets pass at once, and for the others, which go on to
/// authentication.
/// </summary>
[OnEveryDatabase("/trustFramework/keySets('any')")]
[OnEveryDatabase("/trustFramework/keySets('any')/getActiveKey")]
[OnEveryDatabase("/trustFramework/keySets/any")]
public sealed class ValidatedTokensTests(string url)
{
    private FakeTimeProvider _clock = new();
    private int _validated;
    private int _failed;

    [SetUp]
    public void Reset() => (_clock, _validated, _failed) = (new FakeTimeProvider(DateTimeOffset.UtcNow), 0, 0);

    [Test]
    public async Task Refuses_the_tokens_of_a_key_that_the_issuer_has_taken_away()
    {
        await using KeySetsApplication application =
            new(("Authentication:Schemes:Bearer:RefreshInterval", "00:00:01")) { Clock = _clock };
        HttpClient reader = application.Reader;
        Assert.That((await reader.GetAsync(url)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

        using RSA other = RSA.Create(2048);
        application.Issuer.WithdrawKey(other);

        // The service reads the keys of the issuer in the background.
        Assert.That(
            async () =>
            {
                _clock.Advance(ValidatedTokens.Longest);
                return (await reader.GetAsync(url)).StatusCode;
            },
            Is.EqualTo(HttpStatusCode.Unauthorized).After(20).Seconds.PollEvery(100).MilliSeconds);
    }

    [Test]
    public async Task Refuses_a_token_that_differs_from_a_remembered_one_in_its_signature()
    {
        await using KeySetsApplication application = new();
        string token = application.Issuer.CreateToken(KeySetsApplication.Read);
        await application.ClientWith(token).GetAsync(url);
        string[] parts = token.Split('.');
        string signature = $"{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";

        HttpResponseMessage response =
            await application.ClientWith($"{parts[0]}.{parts[1]}.{signature}").GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Refuses_a_remembered_token_where_it_lacks_the_permission()
    {
        await using KeySetsApplication application = new();
        HttpClient reader = application.Reader;
        await reader.GetAsync(url);

        HttpResponseMessage response = await reader.CreateAsync("{}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(
                response.Headers.WwwAuthenticate.ToString(),
                Is.EqualTo($"Bearer error=\"insufficient_scope\", scope=\"{KeySetsApplication.ReadWrite}\""));
            Assert.That(await application.CountKeySetsAsync(), Is.Zero);
        }
    }

    [Test]
    public async Task Validates_a_token_once_a_minute()
    {
        await using KeySetsApplication application = new() { Clock = _clock };
        Func<string, HttpClient> clientWith = Counting(application);
        using HttpClient client = clientWith(application.Issuer.CreateToken(KeySetsApplication.Read));
        using HttpClient another = clientWith(application.Issuer.CreateToken(KeySetsApplication.ReadWrite));

        await ExpectAsync(client, validated: 1);
        _clock.Advance(ValidatedTokens.Longest - TimeSpan.FromSeconds(1));
        await ExpectAsync(client, validated: 1);
        await ExpectAsync(another, validated: 2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ExpectAsync(client, validated: 3);
    }

    [Test]
    public async Task Validates_a_token_anew_after_it_has_expired()
    {
        await using KeySetsApplication application = new() { Clock = _clock };
        string token = application.Issuer.CreateToken(token =>
        {
            token.Claims["scp"] = KeySetsApplication.Read;
            token.Expires = _clock.GetUtcNow().UtcDateTime.AddSeconds(10);
        });
        using HttpClient client = Counting(application)(token);

        await ExpectAsync(client, validated: 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await ExpectAsync(client, validated: 2);
    }

    [Test]
    public async Task Never_remembers_a_token_that_is_refused()
    {
        await using KeySetsApplication application = new();
        using HttpClient client = Counting(application)(application.Issuer.CreateToken(TokenIssuer.Expire));

        await client.GetAsync(url);
        await client.GetAsync(url);

        Assert.That((_validated, _failed), Is.EqualTo((0, 2)));
    }

    [Test]
    public async Task Needs_no_authorization_anew_for_the_most_frequent_requests()
    {
        CountingAuthorization authorization = new();
        await using KeySetsApplication application = new();
        using HttpClient client = application
            .WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            {
                services.AddSingleton<IAuthorizationHandler>(authorization);
                services.PostConfigure<JwtBearerOptions>(
                    JwtBearerDefaults.AuthenticationScheme,
                    options => options.ConfigurationManager = KeysOf(application));
            }))
            .CreateClient();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", application.Issuer.CreateToken(KeySetsApplication.Read));

        await client.GetAsync(url);
        await client.GetAsync(url);

        Assert.That(authorization.Count, Is.EqualTo(url.Contains('(') ? 1 : 2));
    }

    private async Task ExpectAsync(HttpClient client, int validated)
    {
        HttpResponseMessage response = await client.GetAsync(url);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(_validated, Is.EqualTo(validated));
        }
    }

    /// <returns>
    /// Creates clients with a token, of a service that counts how often it validates one. The keys of the issuer stay.
    /// </returns>
    private Func<string, HttpClient> Counting(KeySetsApplication application)
    {
        WebApplicationFactory<Program> service = application.WithWebHostBuilder(builder =>
            builder.ConfigureTestServices(services => services.PostConfigure<JwtBearerOptions>(
                JwtBearerDefaults.AuthenticationScheme,
                options =>
                {
                    options.ConfigurationManager = KeysOf(application);
                    options.Events.OnTokenValidated = _ => Task.FromResult(_validated++);
                    options.Events.OnAuthenticationFailed = _ => Task.FromResult(_failed++);
                })));
        return token =>
        {
            HttpClient client = service.CreateClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return client;
        };
    }

    private static StaticConfigurationManager<OpenIdConnectConfiguration> KeysOf(KeySetsApplication application) =>
        new(new OpenIdConnectConfiguration
        {
            Issuer = TokenIssuer.Authority,
            SigningKeys = { application.Issuer.Key },
        });

    private sealed class CountingAuthorization : IAuthorizationHandler
    {
        public int Count { get; private set; }

        public Task HandleAsync(AuthorizationHandlerContext context) => Task.FromResult(Count++);
    }
}

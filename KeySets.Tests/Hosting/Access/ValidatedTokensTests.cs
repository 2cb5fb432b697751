using System.Net;
using System.Security.Cryptography;
using KeySets.Api.Hosting.Access;
using KeySets.Tests.Support;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting.Access;

/// <summary>A valid token is remembered for a minute, and no longer than it or the key of its issuer is good.</summary>
public sealed class ValidatedTokensTests
{
    private const string Set = "/trustFramework/keySets/any";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    [Test]
    public async Task Refuses_the_tokens_of_a_key_that_the_issuer_has_taken_away()
    {
        await using KeySetsApplication application =
            new(("Authentication:Schemes:Bearer:RefreshInterval", "00:00:01")) { Clock = _clock };
        HttpClient reader = application.Reader;
        Assert.That((await reader.GetAsync(Set)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));

        using RSA other = RSA.Create(2048);
        application.Issuer.WithdrawKey(other);

        // The service reads the keys of the issuer in the background.
        Assert.That(
            async () =>
            {
                _clock.Advance(ValidatedTokens.Longest);
                return (await reader.GetAsync(Set)).StatusCode;
            },
            Is.EqualTo(HttpStatusCode.Unauthorized).After(20).Seconds.PollEvery(100).MilliSeconds);
    }

    [Test]
    public async Task Refuses_a_token_that_differs_from_a_remembered_one_in_its_signature()
    {
        await using KeySetsApplication application = new();
        string token = application.Issuer.CreateToken(KeySetsApplication.Read);
        await application.ClientWith(token).GetAsync(Set);
        string[] parts = token.Split('.');
        string signature = $"{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}";

        HttpResponseMessage response =
            await application.ClientWith($"{parts[0]}.{parts[1]}.{signature}").GetAsync(Set);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Validates_a_token_once_a_minute()
    {
        CountingHandler handler = new(validFor: TimeSpan.FromHours(1), _clock);
        using MemoryCache cache = ValidatedTokens.CreateCache();
        ValidatedTokens tokens = new(handler, cache, _clock);

        await ValidateAsync(tokens, handler, "token", expected: 1);
        _clock.Advance(ValidatedTokens.Longest - TimeSpan.FromSeconds(1));
        await ValidateAsync(tokens, handler, "token", expected: 1);
        await ValidateAsync(tokens, handler, "another", expected: 2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ValidateAsync(tokens, handler, "token", expected: 3);
    }

    [Test]
    public async Task Validates_a_token_anew_after_it_has_expired()
    {
        CountingHandler handler = new(validFor: TimeSpan.FromSeconds(10), _clock);
        using MemoryCache cache = ValidatedTokens.CreateCache();
        ValidatedTokens tokens = new(handler, cache, _clock);

        await ValidateAsync(tokens, handler, "token", expected: 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await ValidateAsync(tokens, handler, "token", expected: 2);
    }

    [Test]
    public async Task Never_remembers_a_token_that_is_refused()
    {
        CountingHandler handler = new(validFor: TimeSpan.FromHours(1), _clock) { Refuses = true };
        using MemoryCache cache = ValidatedTokens.CreateCache();
        ValidatedTokens tokens = new(handler, cache, _clock);

        await ValidateAsync(tokens, handler, "token", expected: 1);
        await ValidateAsync(tokens, handler, "token", expected: 2);
    }

    private static async Task ValidateAsync(
        ValidatedTokens tokens, CountingHandler handler, string token, int expected)
    {
        TokenValidationResult result = await tokens.ValidateTokenAsync(token, new TokenValidationParameters());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.IsValid, Is.EqualTo(!handler.Refuses));
            Assert.That(handler.Validations, Is.EqualTo(expected));
        }
    }

    private sealed class CountingHandler(TimeSpan validFor, TimeProvider time) : TokenHandler
    {
        public int Validations { get; private set; }

        public bool Refuses { get; init; }

        public override Task<TokenValidationResult> ValidateTokenAsync(
            string token, TokenValidationParameters validationParameters)
        {
            Validations++;
            SecurityTokenDescriptor descriptor = new() { Expires = time.GetUtcNow().UtcDateTime + validFor };
            return Task.FromResult(new TokenValidationResult
            {
                IsValid = !Refuses,
                SecurityToken = new JsonWebToken(new JsonWebTokenHandler().CreateToken(descriptor)),
            });
        }
    }
}

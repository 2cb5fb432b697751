using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Controllers;

/// <summary>The rollover of a signing key in five requests, as in docs/api.md, on a clock that moves.</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class RolloverTests : TimedTests
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "everybody";

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, RSA> _signers = [];
    private readonly Queue<string> _tokens = [];
    private Verifier[] _verifiers = [];

    private DateTimeOffset Time => Clock.GetUtcNow();

    [SetUp]
    public void Begin()
    {
        _tokens.Clear();
        _verifiers = [.. Enumerable.Range(0, 3).Select(_ => new Verifier(Application.Anonymous, $"{Set}/jwks", Clock))];
    }

    [TearDown]
    public void DisposeSigners()
    {
        foreach (RSA signer in _signers.Values)
        {
            signer.Dispose();
        }

        _signers.Clear();
    }

    [TestCase("disable")]
    [TestCase("delete")]
    public async Task Shows_no_unknown_key_to_a_verifier_that_obeys_the_caching_headers(string end)
    {
        string first = await GenerateAsync(nbf: null);
        await PassAsync(TimeSpan.FromHours(2), first);

        // 1: generate the next key two hours before it signs, because verifiers cache keys for up to one hour.
        DateTimeOffset turn = Time + TimeSpan.FromHours(2);
        string second = await GenerateAsync(turn.ToUnixTimeSeconds());
        // 2: both keys are published. 3: the first is active.
        Assert.That(await PublishedAsync(), Is.EqualTo([first, second]));
        await PassAsync(TimeSpan.FromHours(2), first);
        // 4: the second becomes active by itself.
        Assert.That(Time, Is.EqualTo(turn));
        await PassAsync(TimeSpan.FromHours(1), second);
        // 5: the tokens of the first key have expired, so disable or delete it.
        await EndAsync(first, end);
        Assert.That(await PublishedAsync(), Is.EqualTo([second]));
        await PassAsync(TimeSpan.FromHours(2), second);

        Assert.That(
            _verifiers.Select(verifier => verifier.Requests),
            Is.All.InRange(7, 12),
            "a verifier asks once an hour, and sooner before a change");
        Assert.That(_verifiers.Select(verifier => verifier.Unchanged), Is.All.GreaterThan(2));
        Assert.That(
            await _verifiers[0].VerifiesAsync(await SignAsync(first), Issuer, Audience),
            Is.False,
            "the first key is unknown now");
    }

    [Test]
    public async Task Fails_if_the_next_key_signs_before_the_caches_of_verifiers_expire()
    {
        string first = await GenerateAsync(nbf: null);
        await PassAsync(Step, first);

        string second = await GenerateAsync((Time + TimeSpan.FromMinutes(30)).ToUnixTimeSeconds());
        await PassAsync(TimeSpan.FromMinutes(30), first);

        Assert.That(
            await _verifiers[0].VerifiesAsync(await SignAsync(second), Issuer, Audience),
            Is.False,
            "so docs/api.md asks for more than an hour");
    }

    /// <summary>
    /// Advances the clock while one key is active and signs. The verifiers ask at different times, and verify every
    /// token that has not expired.
    /// </summary>
    private async Task PassAsync(TimeSpan time, string expected)
    {
        DateTimeOffset until = Time + time;
        for (int step = 0; Time < until; step++)
        {
            Assert.That(await ActiveAsync(), Is.EqualTo(expected));
            _tokens.Enqueue(await SignAsync(expected));
            while (_tokens.Count > TokenLifetime / Step)
            {
                _tokens.Dequeue();
            }

            foreach (string token in _tokens)
            {
                foreach (Verifier verifier in _verifiers.Where((_, index) => step % (index + 1) == 0))
                {
                    Assert.That(
                        await verifier.VerifiesAsync(token, Issuer, Audience), Is.True, $"step {step} of {expected}");
                }
            }

            Clock.Advance(Time + Step < until ? Step : until - Time);
        }
    }

    private async Task<string> GenerateAsync(long? nbf) =>
        (string)(await AddAsync(
            "generateKey", new JsonObject { ["use"] = "sig", ["kty"] = "RSA", ["nbf"] = nbf }))["kid"]!;

    private async Task EndAsync(string kid, string end)
    {
        if (end == "delete")
        {
            Assert.That(
                (await Writer.DeleteAsync($"{Set}/keys_v2('{kid}')")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        }
        else
        {
            await DisableAsync(kid);
        }
    }

    private async Task<string[]> PublishedAsync() =>
    [
        .. (await (await Application.Anonymous.GetAsync($"{Set}/jwks")).JsonAsync())["keys"]!.AsArray()
            .Select(key => (string)key!["kid"]!),
    ];

    private async Task<string?> ActiveAsync() =>
        (string?)(await (await Writer.GetAsync($"{Set}/getActiveKey")).JsonAsync())["kid"];

    /// <remarks>Signs as an issuer with the private key would. The service never reveals a private key.</remarks>
    private async Task<string> SignAsync(string kid)
    {
        if (!_signers.TryGetValue(kid, out RSA? signer))
        {
            JsonNode key = (await KeysAsync()).Single(stored => (string?)stored!["kid"] == kid)!;
            signer = SealedKeys.Rsa(
                (string)key["n"]!, (string)key["e"]!, (await Application.PrivateMembersAsync(Id, kid))!);
            _signers.Add(kid, signer);
        }

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            NotBefore = Time.UtcDateTime,
            IssuedAt = Time.UtcDateTime,
            Expires = (Time + TokenLifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(
                new RsaSecurityKey(signer) { KeyId = kid }, SecurityAlgorithms.RsaSha256)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        });
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Controllers;

/// <summary>The rollover of a signing key in five requests, as README shows it, under a clock that is moved.</summary>
public sealed class RolloverTests() : OperationTests(new KeySetsApplication { Clock = Clock })
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "everybody";

    // Tokens of the service's own clients are checked by the clock of the system, so this one begins there.
    private static readonly FakeTimeProvider Clock =
        new(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, RSA> _signers = [];
    private readonly Queue<string> _tokens = [];
    private Verifier[] _verifiers = [];

    private static DateTimeOffset Now => Clock.GetUtcNow();

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
    public async Task Leaves_no_verifier_that_follows_the_caching_headers_with_an_unknown_key(string end)
    {
        string first = await GenerateAsync(nbf: null);
        await PassAsync(TimeSpan.FromHours(2), first);

        // 1: the next key, published two hours before it signs: verifiers keep what they have for one hour at most.
        DateTimeOffset turn = Now + TimeSpan.FromHours(2);
        string second = await GenerateAsync(turn.ToUnixTimeSeconds());
        // 2: both are published. 3: the first is active.
        Assert.That(await PublishedAsync(), Is.EqualTo([first, second]));
        await PassAsync(TimeSpan.FromHours(2), first);
        // 4: the second is active by itself.
        Assert.That(Now, Is.EqualTo(turn));
        await PassAsync(TimeSpan.FromHours(1), second);
        // 5: what the first has signed has expired, and so it goes.
        await EndAsync(first, end);
        Assert.That(await PublishedAsync(), Is.EqualTo([second]));
        await PassAsync(TimeSpan.FromHours(2), second);

        Assert.That(_verifiers.Select(
            verifier => verifier.Requests), Is.All.InRange(7, 12), "an hour each, or less before a change");
        Assert.That(_verifiers.Select(verifier => verifier.Unchanged), Is.All.GreaterThan(2));
        Assert.That(await _verifiers[0].VerifiesAsync(
            await SignAsync(first), Issuer, Audience), Is.False, "the first key is unknown now");
    }

    [Test]
    public async Task Takes_longer_than_a_verifier_keeps_what_it_has()
    {
        string first = await GenerateAsync(nbf: null);
        await PassAsync(Step, first);

        string second = await GenerateAsync((Now + TimeSpan.FromMinutes(30)).ToUnixTimeSeconds());
        await PassAsync(TimeSpan.FromMinutes(30), first);

        Assert.That(await _verifiers[0].VerifiesAsync(
            await SignAsync(second), Issuer, Audience), Is.False, "which is why README asks for more than an hour");
    }

    /// <summary>
    /// Lets time pass in which one key is active and signs, and verifiers that ask at different times verify what has
    /// not expired.
    /// </summary>
    private async Task PassAsync(TimeSpan time, string expected)
    {
        DateTimeOffset until = Now + time;
        for (int step = 0; Now < until; step++)
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

            Clock.Advance(Now + Step < until ? Step : until - Now);
        }
    }

    private async Task<string> GenerateAsync(long? nbf) =>
        (string)(
            await AddAsync("generateKey", new JsonObject { ["use"] = "sig", ["kty"] = "RSA", ["nbf"] = nbf }))["kid"]!;

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
        [.. (await (await Application.Anonymous.GetAsync($"{Set}/jwks")).JsonAsync())["keys"]!.AsArray()
        .Select(key => (string)key!["kid"]!)];

    private async Task<string?> ActiveAsync() =>
        (string?)(await (await Writer.GetAsync($"{Set}/getActiveKey")).JsonAsync())["kid"];

    /// <remarks>As an issuer would that has the private key; the service itself gives none away.</remarks>
    private async Task<string> SignAsync(string kid)
    {
        if (!_signers.TryGetValue(kid, out RSA? signer))
        {
            JsonNode key = (await KeysAsync()).Single(stored => (string?)stored!["kid"] == kid)!;
            signer =
                SealedKeys.Rsa((string)key["n"]!, (string)key["e"]!, (await Application.PrivateMembersAsync(Id, kid))!);
            _signers.Add(kid, signer);
        }

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            NotBefore = Now.UtcDateTime,
            IssuedAt = Now.UtcDateTime,
            Expires = (Now + TokenLifetime).UtcDateTime,
            SigningCredentials =
                new SigningCredentials(new RsaSecurityKey(signer) { KeyId = kid }, SecurityAlgorithms.RsaSha256)
                {
                    CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
                },
        });
    }
}

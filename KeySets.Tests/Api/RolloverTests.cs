using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Api.Keys;
using KeySets.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Api;

/// <summary>The rollover of a signing key in five requests, as README shows it, under a clock that is moved.</summary>
public sealed class RolloverTests() : OperationTests(new KeySetsApplication { Clock = Clock })
{
    private const string Issuer = "https://issuer.example";
    private const string Audience = "everybody";

    // Tokens of the service's own clients are checked by the clock of the system, so this one begins there.
    private static readonly FakeTimeProvider Clock = new(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(30);

    private static DateTimeOffset Now => Clock.GetUtcNow();

    [TestCase("disable")]
    [TestCase("delete")]
    public async Task Leaves_no_verifier_that_follows_the_caching_headers_with_an_unknown_key(string end)
    {
        // Verifiers that begin at other times ask at other times.
        Verifier[] verifiers = [.. Enumerable.Range(0, 3).Select(_ => new Verifier(Application.Anonymous, $"{Set}/jwks", Clock))];
        Queue<string> tokens = [];
        string first = (string)(await AddAsync("generateKey", new JsonObject { ["use"] = "sig", ["kty"] = "RSA" }))["kid"]!;
        await PassAsync(TimeSpan.FromHours(2), first);

        // 1: the next key, published two hours before it signs: verifiers keep what they have for one hour at most.
        DateTimeOffset turn = Now + TimeSpan.FromHours(2);
        string second = (string)(await AddAsync("generateKey", new JsonObject { ["use"] = "sig", ["kty"] = "RSA", ["nbf"] = turn.ToUnixTimeSeconds() }))["kid"]!;
        // 2: both are published. 3: the first is active.
        Assert.That(await PublishedAsync(), Is.EqualTo([first, second]));
        await PassAsync(TimeSpan.FromHours(2), first);
        // 4: the second is active by itself.
        Assert.That(Now, Is.GreaterThanOrEqualTo(turn));
        await PassAsync(TimeSpan.FromHours(1), second);
        // 5: what the first has signed has expired, and so it goes.
        HttpResponseMessage response = end == "delete"
            ? await Writer.DeleteAsync($"{Set}/keys_v2('{first}')")
            : await Writer.SendJsonAsync(HttpMethod.Patch, $"{Set}/keys_v2('{first}')", """{"status":"disabled"}""");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await PublishedAsync(), Is.EqualTo([second]));
        await PassAsync(TimeSpan.FromHours(2), second);

        Assert.That(verifiers.Select(verifier => verifier.Requests), Is.All.InRange(7, 12), "an hour each, or less before a change");
        Assert.That(verifiers.Select(verifier => verifier.Unchanged), Is.All.GreaterThan(2));
        Assert.That(await verifiers[0].VerifiesAsync(await SignAsync(first), Issuer, Audience), Is.False, "the first key is unknown now");

        async Task PassAsync(TimeSpan time, string expected)
        {
            DateTimeOffset until = Now + time;
            for (int step = 0; Now < until; step++)
            {
                Assert.That(await ActiveAsync(), Is.EqualTo(expected));
                tokens.Enqueue(await SignAsync(expected));
                while (tokens.Count > TokenLifetime / Step)
                {
                    tokens.Dequeue();
                }

                foreach (string token in tokens)
                {
                    // All of them at some steps, one of them at the others.
                    foreach (Verifier verifier in verifiers.Where((_, index) => step % (index + 1) == 0))
                    {
                        Assert.That(await verifier.VerifiesAsync(token, Issuer, Audience), Is.True, $"step {step} of {expected}");
                    }
                }

                Clock.Advance(Now + Step < until ? Step : until - Now);
            }
        }
    }

    private async Task<string[]> PublishedAsync() => [.. (await (await Application.Anonymous.GetAsync($"{Set}/jwks")).JsonAsync())["keys"]!.AsArray()
        .Select(key => (string)key!["kid"]!)];

    private async Task<string?> ActiveAsync() => (string?)(await (await Writer.GetAsync($"{Set}/getActiveKey")).JsonAsync())["kid"];

    private readonly Dictionary<string, RSA> _keys = [];

    /// <remarks>As an issuer would that has the private key; the service itself gives none away.</remarks>
    private async Task<string> SignAsync(string kid)
    {
        if (!_keys.TryGetValue(kid, out RSA? rsa))
        {
            JsonNode key = (await KeysAsync()).Single(stored => (string?)stored!["kid"] == kid)!;
            PrivateMembers members = (await Application.PrivateMembersAsync(Id, kid))!;
            rsa = SealedKeys.Rsa((string)key["n"]!, (string)key["e"]!, members);
            _keys.Add(kid, rsa);
        }

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            NotBefore = Now.UtcDateTime,
            IssuedAt = Now.UtcDateTime,
            Expires = (Now + TokenLifetime).UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(rsa) { KeyId = kid }, SecurityAlgorithms.RsaSha256),
        });
    }
}

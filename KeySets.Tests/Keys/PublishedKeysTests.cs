using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Api.Keys;
using KeySets.Model;

namespace KeySets.Tests.Keys;

/// <summary>The members of random keys that the service publishes.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
public sealed class PublishedKeysTests
{
    private static readonly string[] Public = ["kty", "use", "kid", "e", "n", "x5c", "x5t"];

    [Test]
    public void Holds_public_members_of_enabled_rsa_keys_that_have_not_expired_and_nothing_else(
        [Values(1, 2, 3)] int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 2_000; round++)
        {
            TrustFrameworkKey[] keys = [.. Enumerable.Range(0, random.Next(6)).Select(kid => RandomKey(random, kid))];
            const long Now = 10;

            string json = JsonSerializer.Serialize(PublishedKeys.Of(keys, Now));

            Assert.That(json, Does.Not.Contain("private"));
            JsonArray published = JsonNode.Parse(json)!["keys"]!.AsArray();
            Assert.That(
                published.SelectMany(key => key!.AsObject()).Select(member => member.Key).Except(Public), Is.Empty);
            Assert.That(published.Select(key => (string?)key!["kty"]), Is.All.EqualTo("RSA"));
            Assert.That(
                published.Select(key => (string?)key!["kid"]), Is.EqualTo(Expected(keys, Now).Select(key => key.Kid)));
            Assert.That(PublishedKeys.NextChange(keys, Now), Is.EqualTo(NextChange(keys, Now)));
        }
    }

    private static IEnumerable<TrustFrameworkKey> Expected(TrustFrameworkKey[] keys, long now) =>
        from key in keys
        where key.Kty is "RSA" or "rsa" or "Rsa"
        where key.Status == TrustFrameworkKeyStatus.Enabled
        where !(key.Exp <= now)
        select key;

    private static long? NextChange(TrustFrameworkKey[] keys, long now)
    {
        for (long instant = now + 1; instant < 30; instant++)
        {
            if (Expected(keys, instant).Count() != Expected(keys, now).Count())
            {
                return instant;
            }
        }

        return null;
    }

    private static TrustFrameworkKey RandomKey(Random random, int kid)
    {
        TrustFrameworkKey key = new()
        {
            Kty = ((string[])["RSA", "rsa", "Rsa", "oct", "OCT", "EC", "Kty value"])[random.Next(7)],
            Use = ((string?[])[null, "sig", "enc"])[random.Next(3)],
            Kid = $"{kid}",
            E = "e",
            N = "n",
            X5t = random.Next(2) == 0 ? null : "x5t",
            Nbf = random.Next(2) == 0 ? null : random.Next(20),
            Exp = random.Next(2) == 0 ? null : random.Next(20),
            Status = random.Next(4) == 0 ? TrustFrameworkKeyStatus.Disabled : TrustFrameworkKeyStatus.Enabled,
            K = "private",
            D = "private",
            P = "private",
            Q = "private",
            Dp = "private",
            Dq = "private",
            Qi = "private",
        };
        if (random.Next(2) == 0)
        {
            key.X5c.Add("certificate");
        }

        return key;
    }
}

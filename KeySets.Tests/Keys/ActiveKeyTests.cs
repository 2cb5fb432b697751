using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using KeySets.Api.Keys;
using KeySets.Model;

namespace KeySets.Tests.Keys;

/// <summary>Which key of a set is active at an instant, and when that changes.</summary>
public sealed class ActiveKeyTests
{
    // A key is written kid:nbf-exp, with an exclamation mark at the end if it is disabled. Keys stand in the order in
    // which they were added.
    [TestCase("", 0, null, null)]
    [TestCase("a:-", 0, "a", null)]
    [TestCase("a:-!", 0, null, null)]
    // nbf is the first second at which a key is valid, exp the first at which it is not.
    [TestCase("a:10-20", 9, null, 10)]
    [TestCase("a:10-20", 10, "a", 20)]
    [TestCase("a:10-20", 19, "a", 20)]
    [TestCase("a:10-20", 20, null, null)]
    [TestCase("a:10-", 10, "a", null)]
    [TestCase("a:-20", 19, "a", 20)]
    [TestCase("a:-20", 20, null, null)]
    // The greatest nbf wins, in whatever order the keys were added.
    [TestCase("a:10- b:20- c:30-", 15, "a", 20)]
    [TestCase("a:10- b:20- c:30-", 20, "b", 30)]
    [TestCase("c:30- a:10- b:20-", 29, "b", 30)]
    [TestCase("c:30- a:10- b:20-", 30, "c", null)]
    // When a key expires, the one before it takes over again.
    [TestCase("a:10- b:20-25", 22, "b", 25)]
    [TestCase("a:10- b:20-25", 25, "a", null)]
    [TestCase("a:10-24 b:20-25", 25, null, null)]
    // A key without nbf is active only if no valid key has one.
    [TestCase("safety:- a:10-20", 9, "safety", 10)]
    [TestCase("safety:- a:10-20", 10, "a", 20)]
    [TestCase("safety:- a:10-20", 20, "safety", null)]
    [TestCase("a:0-20 safety:-", 1, "a", 20)]
    [TestCase("first:- last:-", 1, "last", null)]
    [TestCase("safety:- other:-15", 1, "other", 15)]
    // Among equals, the last key added wins.
    [TestCase("a:10- b:10-", 10, "b", null)]
    [TestCase("a:10- b:10-15", 10, "b", 15)]
    // Only a change of the active key counts.
    [TestCase("a:10- b:5-15", 12, "a", null)]
    [TestCase("a:10-50 b:5-60", 12, "a", 50)]
    [TestCase("a:10- b:20-!", 10, "a", null)]
    [TestCase("a:10- b:20-20", 10, "a", null)]
    [TestCase("a:10-20 b:20-", 10, "a", 20)]
    // The limit of 64-bit numbers.
    [TestCase("a:9223372036854775807-", 0, null, 9223372036854775807)]
    [TestCase("a:-9223372036854775807", 0, "a", 9223372036854775807)]
    public void Follows_the_rule(string keys, long now, string? active, long? nextChange)
    {
        TrustFrameworkKey[] set = [.. keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Key)];

        Assert.That(ActiveKey.Find(set, now)?.Kid, Is.EqualTo(active));
        Assert.That(ActiveKey.NextChange(set, now), Is.EqualTo(nextChange));
    }

    [Test]
    [SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
    public void Agrees_with_a_naive_version_of_the_rule_for_random_sets([Values(1, 2, 3)] int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 3_000; round++)
        {
            TrustFrameworkKey[] set = [.. Enumerable.Range(0, random.Next(7)).Select(kid => RandomKey(random, kid))];
            TrustFrameworkKey?[] course = [.. Enumerable.Range(0, 14).Select(now => NaivelyActive(set, now))];
            for (int now = 0; now < 13; now++)
            {
                string what = $"seed {seed}, round {round}, at {now}: {string.Join(' ', set.Select(Text))}";
                Assert.That(ActiveKey.Find(set, now), Is.SameAs(course[now]), what);
                int change = Array.FindIndex(course, now + 1, active => active != course[now]);
                Assert.That(ActiveKey.NextChange(set, now), Is.EqualTo(change < 0 ? null : (long?)change), what);
            }
        }
    }

    /// <remarks>
    /// The rule word by word: of the valid keys, the one with the greatest nbf; a key without nbf only if no valid key
    /// has one; among equals, the last one added.
    /// </remarks>
    private static TrustFrameworkKey? NaivelyActive(TrustFrameworkKey[] set, long now)
    {
        List<TrustFrameworkKey> candidates = [];
        foreach (TrustFrameworkKey key in set)
        {
            bool hasBegun = !key.Nbf.HasValue || key.Nbf.Value <= now;
            bool hasEnded = key.Exp.HasValue && key.Exp.Value <= now;
            if (key.Status != TrustFrameworkKeyStatus.Disabled && hasBegun && !hasEnded)
            {
                candidates.Add(key);
            }
        }

        List<TrustFrameworkKey> dated = candidates.FindAll(key => key.Nbf.HasValue);
        if (dated.Count == 0)
        {
            return candidates.Count == 0 ? null : candidates[^1];
        }

        long greatest = dated[0].Nbf!.Value;
        dated.ForEach(key => greatest = Math.Max(greatest, key.Nbf!.Value));
        return dated.FindLast(key => key.Nbf == greatest);
    }

    [SuppressMessage("Security", "CA5394", Justification = "Nothing here is secret.")]
    private static TrustFrameworkKey RandomKey(Random random, int kid) => new()
    {
        Kid = $"{kid}",
        Nbf = random.Next(3) == 0 ? null : random.Next(12),
        Exp = random.Next(2) == 0 ? null : random.Next(13),
        Status = random.Next(5) == 0 ? TrustFrameworkKeyStatus.Disabled : TrustFrameworkKeyStatus.Enabled,
    };

    private static TrustFrameworkKey Key(string text)
    {
        string[] parts = text.TrimEnd('!').Split(':', '-');
        return new TrustFrameworkKey
        {
            Kid = parts[0],
            Nbf = parts[1].Length == 0 ? null : long.Parse(parts[1], CultureInfo.InvariantCulture),
            Exp = parts[2].Length == 0 ? null : long.Parse(parts[2], CultureInfo.InvariantCulture),
            Status = text.EndsWith('!') ? TrustFrameworkKeyStatus.Disabled : TrustFrameworkKeyStatus.Enabled,
        };
    }

    private static string Text(TrustFrameworkKey key) =>
        $"{key.Kid}:{key.Nbf}-{key.Exp}{(key.Status == TrustFrameworkKeyStatus.Disabled ? "!" : "")}";
}

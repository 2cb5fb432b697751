using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// Finds the key of a set that is in use at an instant. A candidate is enabled, its nbf is missing or has passed, and
/// its exp is missing or has not passed. The candidate with the latest nbf wins; one without nbf wins only if no
/// candidate has an nbf. Of equals, the key that was added last wins.
/// </summary>
/// <remarks>
/// Keys a (no dates), b (nbf 100, exp 300) and c (nbf 200): a is active until 100, b until 200, c from then on. Without
/// c, b is active until 300, and a again from then on.
/// </remarks>
public static class ActiveKey
{
    /// <summary>The active key; null if there is none.</summary>
    /// <param name="keys">The keys of a set in the order in which they were added.</param>
    /// <param name="now">The instant, in seconds since 1970-01-01T00:00:00Z.</param>
    public static TrustFrameworkKey? Find(IEnumerable<TrustFrameworkKey> keys, long now) =>
        // OrderBy puts null first, and keeps the order of equals.
        keys.Where(key => IsCandidate(key, now)).OrderBy(key => key.Nbf).LastOrDefault();

    /// <summary>
    /// The first instant after now at which another key, or none, is active; null if time alone changes nothing.
    /// </summary>
    public static long? NextChange(ICollection<TrustFrameworkKey> keys, long now)
    {
        TrustFrameworkKey? active = Find(keys, now);
        return keys.SelectMany(key => (long?[])[key.Nbf, key.Exp])
            .Where(instant => instant > now)
            .Order()
            .FirstOrDefault(instant => Find(keys, instant!.Value) != active);
    }

    private static bool IsCandidate(TrustFrameworkKey key, long now) =>
        key.Status == TrustFrameworkKeyStatus.Enabled
            && (key.Nbf is null || key.Nbf <= now) && (key.Exp is null || key.Exp > now);
}

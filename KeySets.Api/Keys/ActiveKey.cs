using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// Which key of a set is in use at an instant. Candidates are enabled, have no nbf or one that has passed, and no exp
/// or one that has not. The one that became valid last wins; one without nbf only where no dated one is a candidate; of
/// equals the last added.
/// </summary>
/// <remarks>
/// Keys a (no dates), b (nbf 100, exp 300) and c (nbf 200): a is active until 100, b until 200, c from then on. Without
/// c it is a again at 300.
/// </remarks>
public static class ActiveKey
{
    /// <summary>The active key; null where there is none.</summary>
    /// <param name="keys">The keys of a set in the order in which they were added.</param>
    /// <param name="now">The instant, in seconds since 1970-01-01T00:00:00Z.</param>
    public static TrustFrameworkKey? Find(IEnumerable<TrustFrameworkKey> keys, long now) =>
        // Null comes first, and equals stay in their order.
        keys.Where(key => IsCandidate(key, now)).OrderBy(key => key.Nbf).LastOrDefault();

    /// <summary>
    /// The first instant after now at which another key is active, or none; null where time alone changes nothing.
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

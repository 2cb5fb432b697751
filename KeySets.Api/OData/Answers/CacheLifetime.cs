namespace KeySets.Api.OData.Answers;

/// <summary>How long a cache may keep an answer that depends on the time.</summary>
public static class CacheLifetime
{
    /// <summary>The longest lifetime. A cache can miss a change of the set for this long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The time until the answer changes.</summary>
    /// <param name="change">
    /// The time of the change, in seconds since 1970-01-01T00:00:00Z; null if time alone does not change it.
    /// </param>
    /// <param name="now">The time of the answer.</param>
    /// <returns>
    /// The time for <c>max-age</c> (RFC 9111 section 5.2.2.1), which takes whole seconds; at most
    /// <see cref="Longest"/>.
    /// </returns>
    public static TimeSpan Until(long? change, DateTimeOffset now) => change <= (now + Longest).ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds(change.Value) - now
        : Longest;
}

namespace KeySets.Api.OData.Answers;

/// <summary>How long an answer that depends on the time can be kept.</summary>
public static class CacheLifetime
{
    /// <summary>The longest lifetime. A change of the set does not reach who keeps an answer before that.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The time until an answer would be another one.</summary>
    /// <param name="change">When that is, in seconds since 1970-01-01T00:00:00Z; null where time alone does not change it.</param>
    /// <param name="now">The time of the answer.</param>
    /// <returns>For <c>max-age</c> (RFC 9111 section 5.2.2.1), which has whole seconds of it; at most <see cref="Longest"/>.</returns>
    public static TimeSpan Until(long? change, DateTimeOffset now) => change <= (now + Longest).ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds(change.Value) - now
        : Longest;
}

namespace KeySets.Model;

/// <summary>A set of JSON Web Keys (RFC 7517 section 5) at <c>/trustFramework/keySets('{id}')</c>.</summary>
[InMetadata("A set of JSON Web Keys (RFC 7517 section 5).")]
public sealed class TrustFrameworkKeySet
{
    /// <summary>
    /// The name of the set: 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-'. It never changes.
    /// </summary>
    [InMetadata(
        "The name of the set, case-sensitive: characters that every URL has as they are (unreserved in RFC 3986 "
        + "section 2.3), but not . or .. alone. Where none is sent, a GUID; it never changes.",
        IsKey = true,
        MaxLength = Limits.IdLength)]
    public string Id { get; set; } = "";

    /// <summary>The keys in the order in which they were added, at most 100; empty, never null.</summary>
    [InMetadata("The keys in the order in which they were added (RFC 7517 section 5.1).")]
    public IList<TrustFrameworkKey> Keys { get; init; } = [];

    /// <summary>The same keys as entities, or those of them that a client has asked for.</summary>
    [InMetadata("The same keys as entities, each addressed by its kid (RFC 7517 section 5.1).", Name = "keys_v2")]
    public IEnumerable<TrustFrameworkKeyV2> KeysV2
    {
        get => field ?? Keys.Select(key => new TrustFrameworkKeyV2(key, this));
        init;
    }

    /// <summary>
    /// A random number that each change of the set replaces. Clients see it as the ETag, not as part of the payload.
    /// </summary>
    public Guid Revision { get; set; }
}

namespace KeySets.Model;

/// <summary>A set of JSON Web Keys (RFC 7517 section 5) at <c>/trustFramework/keySets('{id}')</c>.</summary>
public sealed class TrustFrameworkKeySet
{
    /// <summary>The name of the set: 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-'. It never changes.</summary>
    public string Id { get; set; } = "";

    /// <summary>The keys in the order in which they were added, at most 100; empty, never null.</summary>
    public IList<TrustFrameworkKey> Keys { get; init; } = [];

    /// <summary>A random number that each change of the set replaces. It is not part of the payload: clients see it as the ETag.</summary>
    public Guid Revision { get; set; }
}

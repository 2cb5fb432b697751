namespace KeySets.Model;

/// <summary>The singleton at <c>/trustFramework</c>: the root that contains every key set of the service.</summary>
[InMetadata("The root that contains every key set of the service.")]
public sealed class TrustFramework
{
    /// <summary>The name of the only trust framework.</summary>
    [InMetadata("The name of the only trust framework there is: trustFramework.", IsKey = true)]
    public string Id { get; set; } = "trustFramework";

    /// <summary>The key sets at <c>/trustFramework/keySets</c>; each belongs to this trust framework alone.</summary>
    [InMetadata("The key sets (RFC 7517 section 5).")]
    public IEnumerable<TrustFrameworkKeySet> KeySets { get; set; } = [];
}

namespace KeySets.Model;

/// <summary>The singleton at <c>/trustFramework</c>: the root that contains every key set of the service.</summary>
public sealed class TrustFramework
{
    /// <summary>The name of the only trust framework there is.</summary>
    public string Id { get; set; } = "trustFramework";

    /// <summary>The key sets at <c>/trustFramework/keySets</c>; each belongs to this trust framework alone.</summary>
    public IEnumerable<TrustFrameworkKeySet> KeySets { get; set; } = [];
}

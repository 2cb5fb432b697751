using KeySets.Model;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Requests;

/// <summary>The ETags of a key set and of what depends on it.</summary>
public static class EntityTag
{
    /// <summary>A weak tag of the set's revision: weak, since the same revision is written in more than one format (RFC 9110 section 8.8.1).</summary>
    public static EntityTagHeaderValue Of(TrustFrameworkKeySet set) => new($"\"{set.Revision:N}\"", isWeak: true);

    /// <summary>A weak tag of the key that is active: another one when another key is, at the same revision too.</summary>
    public static EntityTagHeaderValue OfActive(TrustFrameworkKeySet set, TrustFrameworkKey active) =>
        new($"\"{set.Revision:N}-{set.Keys.IndexOf(active)}\"", isWeak: true);
}

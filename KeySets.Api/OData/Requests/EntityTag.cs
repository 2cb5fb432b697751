using KeySets.Model;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Requests;

/// <summary>The ETags of key sets and of answers that depend on them.</summary>
public static class EntityTag
{
    /// <summary>The tag of a set's revision: weak, since several formats share it (RFC 9110 section 8.8.1).</summary>
    public static EntityTagHeaderValue Of(TrustFrameworkKeySet set) => new($"\"{set.Revision:N}\"", isWeak: true);

    /// <summary>The tag of a set's revision as text.</summary>
    public static string TextOf(TrustFrameworkKeySet set) => $"W/\"{set.Revision:N}\"";

    /// <summary>
    /// A weak tag of the active key: it changes with the active key, even if the revision stays the same.
    /// </summary>
    public static string TextOfActive(TrustFrameworkKeySet set, TrustFrameworkKey active) =>
        $"W/\"{set.Revision:N}-{set.Keys.IndexOf(active)}\"";
}

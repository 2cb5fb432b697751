using KeySets.Model;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Requests;

/// <summary>The ETags of key sets and of answers that depend on them.</summary>
public static class EntityTag
{
    /// <summary>The tag of a set's revision: weak, since several formats share it (RFC 9110 section 8.8.1).</summary>
    public static EntityTagHeaderValue Of(TrustFrameworkKeySet set) => new($"\"{set.Revision:N}\"", isWeak: true);

    /// <summary>The length of the tag of a set, in characters.</summary>
    public const int Length = 36;

    /// <summary>The tag of a set's revision as text.</summary>
    public static string TextOf(TrustFrameworkKeySet set) => string.Create(Length, set, (tag, set) => Write(set, tag));

    /// <summary>Writes the tag of a set's revision.</summary>
    /// <param name="set">The set.</param>
    /// <param name="tag">Where it is written: <see cref="Length"/> characters.</param>
    public static void Write(TrustFrameworkKeySet set, Span<char> tag) =>
        tag.TryWrite($"W/\"{set.Revision:N}\"", out _);

    /// <summary>
    /// A weak tag of the active key: it changes with the active key, even if the revision stays the same.
    /// </summary>
    public static string TextOfActive(TrustFrameworkKeySet set, TrustFrameworkKey active) =>
        $"W/\"{set.Revision:N}-{set.Keys.IndexOf(active)}\"";
}

using System.Buffers;
using KeySets.Model;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// The URL of a set, or of a resource of it, in the form that the documentation has:
/// <c>/trustFramework/keySets('id')</c> or <c>/keySets('id')</c>. Most requests have it already.
/// </summary>
public static class PlainUrl
{
    /// <summary>The path of the entity set.</summary>
    public const string EntitySet = $"/{KeySetsEdmModel.KeySets}";

    /// <summary>The path of the sets that the singleton contains.</summary>
    public const string Contained = $"/trustFramework{EntitySet}";

    private static readonly SearchValues<char> OfIds =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Splits the path of a URL.</summary>
    /// <param name="path">The path without the root of the service.</param>
    /// <param name="id">The id of the set; empty for the sets themselves.</param>
    /// <param name="rest">What follows the set.</param>
    /// <returns>Whether the path is in this form.</returns>
    public static bool TrySplit(ReadOnlySpan<char> path, out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest)
    {
        string sets = path.StartsWith(EntitySet, StringComparison.Ordinal) ? EntitySet : Contained;
        id = rest = [];
        if (!path.StartsWith(sets, StringComparison.Ordinal) || path.Length == sets.Length)
        {
            return path.Length == sets.Length && path.StartsWith(sets, StringComparison.Ordinal);
        }

        path = path[sets.Length..];
        int end = path.IndexOf("')", StringComparison.Ordinal);
        if (end < 0 || !path.StartsWith("('", StringComparison.Ordinal))
        {
            return false;
        }

        id = path[2..end];
        rest = path[(end + 2)..];
        return id.Length > 0 && !id.ContainsAnyExcept(OfIds);
    }
}

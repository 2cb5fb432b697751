

namespace KeySets.Tests.Support;

/// <summary>Which ETag of the service stands for which revision of the model. It is seen first in an answer or in the list after it.</summary>
public sealed class EntityTags
{
    private readonly Dictionary<int, string> _tags = [];
    private readonly Dictionary<string, int> _revisions = new(StringComparer.Ordinal);

    /// <summary>The tag of a revision; some tag that no set has where the revision was never shown.</summary>
    public string Of(int revision) => _tags.GetValueOrDefault(revision, $"W/\"never-given-{revision}\"");

    /// <summary>The revision that a tag stands for.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="expected">The revision that it must stand for if neither of them was seen before.</param>
    /// <returns>The revision; null where the revision that is expected has another tag.</returns>
    public int? RevisionOf(string? tag, int expected)
    {
        if (tag is not null && !_revisions.ContainsKey(tag) && _tags.TryAdd(expected, tag))
        {
            _revisions.Add(tag, expected);
        }

        return tag is not null && _revisions.TryGetValue(tag, out int revision) ? revision : null;
    }
}

namespace KeySets.Tests.Support;

/// <summary>
/// Maps the revisions of the model to the ETags of the service. The tests first see an ETag in an answer, or in the
/// list after it.
/// </summary>
public sealed class EntityTags
{
    private readonly Dictionary<int, string> _tags = [];
    private readonly Dictionary<string, int> _revisions = new(StringComparer.Ordinal);

    /// <summary>The tag of a revision; a tag that no set has if the service has never shown the revision.</summary>
    public string Of(int revision) => _tags.GetValueOrDefault(revision, $"W/\"never-given-{revision}\"");

    /// <summary>The revision that a tag stands for.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="expected">The revision that it must stand for if neither was seen before.</param>
    /// <returns>
    /// The revision; null if there is no tag, or if the tag is new and the expected revision has another one.
    /// </returns>
    public int? RevisionOf(string? tag, int expected)
    {
        if (tag is not null && !_revisions.ContainsKey(tag) && _tags.TryAdd(expected, tag))
        {
            _revisions.Add(tag, expected);
        }

        return tag is not null && _revisions.TryGetValue(tag, out int revision) ? revision : null;
    }
}

using KeySets.Api.Data;

namespace KeySets.Api.Hosting.Commands;

/// <summary>What a copy has found and done so far.</summary>
public sealed class CopiedSets
{
    private const int MostNamed = 10;

    private readonly List<string> _others = [];

    /// <summary>The number of sets that were stored.</summary>
    public long Stored { get; private set; }

    /// <summary>The number of sets that were there already.</summary>
    public long Same { get; private set; }

    /// <summary>The first sets of the target that the source does not have.</summary>
    public IReadOnlyList<string> Others => _others;

    /// <summary>Counts a page.</summary>
    /// <param name="page">A page of the source.</param>
    /// <param name="there">The revisions of the sets that the target has in the same range of ids.</param>
    /// <returns>The sets that the target lacks, or has with another revision.</returns>
    public IReadOnlyList<StoredSet> Lacking(IReadOnlyList<StoredSet> page, IReadOnlyDictionary<string, Guid> there)
    {
        StoredSet[] lacking = [.. page.Where(
            stored => !there.TryGetValue(stored.Set.Id, out Guid revision) || revision != stored.Set.Revision)];
        Stored += lacking.Length;
        Same += page.Count - lacking.Length;
        _others.AddRange(there.Keys.Except(page.Select(stored => stored.Set.Id)).Take(MostNamed - _others.Count));
        return lacking;
    }
}

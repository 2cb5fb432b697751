using System.Collections.Frozen;
using Microsoft.AspNetCore.OData.Batch;

namespace KeySets.Api.OData.Batch;

/// <summary>What the requests of a batch know of each other while they are run.</summary>
/// <param name="json">Which waits for which.</param>
public sealed class BatchState(JsonBatch json)
{
    // Their names, after a $, mean them, whatever the ids are (OData JSON section 19.1).
    private static readonly FrozenSet<string> SystemResources =
        FrozenSet.Create(StringComparer.Ordinal, "all", "batch", "crossjoin", "entity", "id", "metadata", "root");

    // An id that comes again, as in another change set, means the later request.
    private readonly Dictionary<string, PathString> _locations = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>Which waits for which.</summary>
    public JsonBatch Json { get; } = json;

    /// <summary>How long the answers are so far.</summary>
    public long AnswerBytes { get; set; }

    /// <summary>Makes a request known by its Content-ID, before any is run. One with the name of a resource of the system cannot be referred to.</summary>
    public void Meet(HttpRequest request)
    {
        if (request.GetODataContentId() is { } id && !SystemResources.Contains(id))
        {
            _ids.Add(id);
        }
    }

    /// <summary>The Content-ID of the request of this batch that a path begins with, as <c>/$id</c>; null where it begins with none.</summary>
    public string? ReferenceOf(PathString path) => FirstSegment(path) is ['$', .. string id] && _ids.Contains(id) ? id : null;

    /// <summary>Whether it is known what a request was about: it has been run.</summary>
    public bool IsLocated(string id) => _locations.ContainsKey(id);

    /// <summary>Notes what a request was about.</summary>
    public void Locate(string id, PathString path)
    {
        _locations[id] = path;
        Json.Succeed(id);
    }

    /// <summary>A path with what the request that it refers to was about in place of the reference.</summary>
    public PathString Resolve(PathString path) => ReferenceOf(path) is { } id
        // Not as a text by itself, whose escapes would be taken off once more.
        ? _locations[id].Add(new PathString(path.Value![(FirstSegment(path).Length + 1)..]))
        : path;

    private static string FirstSegment(PathString path) => path.Value!.TrimStart('/').Split('/', 2)[0];
}

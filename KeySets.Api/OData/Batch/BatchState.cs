using System.Collections.Frozen;
using Microsoft.AspNetCore.OData.Batch;

namespace KeySets.Api.OData.Batch;

/// <summary>The state that the requests of a batch share while they run.</summary>
/// <param name="json">The dependencies between them.</param>
/// <param name="allowance">What the batch may still do.</param>
public sealed class BatchState(JsonBatch json, BatchAllowance allowance)
{
    // After a $, these names always mean the system resource, even if a request has such an id (OData JSON section
    // 19.1).
    private static readonly FrozenSet<string> SystemResources =
        FrozenSet.Create(StringComparer.Ordinal, "all", "batch", "crossjoin", "entity", "id", "metadata", "root");

    // If an id is repeated, for example in another change set, it means the later request.
    private readonly Dictionary<string, PathString> _locations = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>The dependencies between the requests.</summary>
    public JsonBatch Json { get; } = json;

    /// <summary>What the batch may still do.</summary>
    public BatchAllowance Allowance { get; } = allowance;

    /// <summary>
    /// Registers a request by its Content-ID, before any request runs. No URL can refer to an id that is the name of a
    /// system resource.
    /// </summary>
    public void Register(HttpRequest request)
    {
        if (request.GetODataContentId() is { } id && !SystemResources.Contains(id))
        {
            _ids.Add(id);
        }
    }

    /// <summary>
    /// The Content-ID that a path refers to, as <c>/$id</c>; null if it refers to no request of the batch.
    /// </summary>
    public string? ReferenceOf(PathString path) =>
        FirstSegment(path) is ['$', .. string id] && _ids.Contains(id) ? id : null;

    /// <summary>Whether a request has run, so that its location is known.</summary>
    public bool IsLocated(string id) => _locations.ContainsKey(id);

    /// <summary>Records the location of the resource that a request was about.</summary>
    public void Locate(string id, PathString path)
    {
        _locations[id] = path;
        Json.Succeed(id);
    }

    /// <summary>Replaces the reference in a path with the location of the request that it refers to.</summary>
    public PathString Resolve(PathString path) => ReferenceOf(path) is { } id
        // As a PathString: a string would be unescaped again.
        ? _locations[id].Add(new PathString(path.Value![(FirstSegment(path).Length + 1)..]))
        : path;

    private static string FirstSegment(PathString path) => path.Value!.TrimStart('/').Split('/', 2)[0];
}

namespace KeySets.Api.OData.Batch;

/// <summary>What the requests of a batch know of each other while they are run.</summary>
/// <param name="json">Which waits for which.</param>
public sealed class BatchState(JsonBatch json)
{
    /// <summary>Which waits for which.</summary>
    public JsonBatch Json { get; } = json;

    /// <summary>The paths of what was created or changed, by Content-ID. An id that comes again, as in another change set, means the later one.</summary>
    public Dictionary<string, PathString> Locations { get; } = new(StringComparer.Ordinal);

    /// <summary>How long the answers are so far.</summary>
    public long AnswerBytes { get; set; }
}

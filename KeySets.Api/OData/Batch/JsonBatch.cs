using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Api.Keys;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// A batch in JSON (OData JSON section 19.1): which requests wait for which, which the library's reader checks and does not tell,
/// and the batch in a form that this reader does not trip over.
/// </summary>
public sealed class JsonBatch
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBody.MaximumDepth, AllowDuplicateProperties = false };

    private readonly Dictionary<string, string[]> _dependsOn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    private JsonBatch(ReadOnlyMemory<byte> body) => Body = body;

    /// <summary>The batch for the library.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>A batch that is in multipart, where nothing waits for anything.</summary>
    public static JsonBatch None(ReadOnlyMemory<byte> body) => new(body);

    /// <summary>Reads a batch.</summary>
    /// <exception cref="RefusalException">400: the body is not a batch in JSON, has too many requests, or ids that are wrong; 501: a request has a condition.</exception>
    public static JsonBatch Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            JsonNode batch = JsonNode.Parse(JsonBody.WithoutByteOrderMark(body).Span, documentOptions: Options)!;
            JsonObject[] requests = [.. batch["requests"]!.AsArray().Select(request => request!.AsObject())];
            if (requests.Length is 0 or > BatchHandler.MaximumParts)
            {
                throw Refusal.BatchSize(BatchHandler.MaximumParts);
            }

            JsonBatch read = new(body);
            foreach (JsonObject request in requests)
            {
                Mend(request);
                read.Add(request);
            }

            if (read._groups.Values.Any(read._dependsOn.ContainsKey))
            {
                throw Refusal.BadBatchIds();
            }

            read.Body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["requests"] = batch["requests"]!.DeepClone() });
            return read;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw Refusal.MalformedJsonBatch();
        }
    }

    /// <summary>The name of the atomicity group of a request; null where it is in none.</summary>
    public string? GroupOf(string? id) => id is null ? null : _groups.GetValueOrDefault(id);

    /// <summary>Whether a request has failed, or its group.</summary>
    public bool HasFailed(string id) => _failed.Contains(id);

    /// <summary>Whether something has failed that the request waits for.</summary>
    public bool HasFailedFor(string? id) => id is not null && _dependsOn.GetValueOrDefault(id, []).Any(_failed.Contains);

    /// <summary>Notes that a request has failed, and with it its group.</summary>
    public void Fail(string? id)
    {
        if (id is not null)
        {
            _failed.Add(id);
            _failed.Add(GroupOf(id) ?? id);
        }
    }

    /// <summary>Notes that a request has succeeded, whatever became of an earlier one with its id.</summary>
    public void Succeed(string id) => _failed.Remove(id);

    private void Add(JsonObject request)
    {
        if (request.ContainsKey("if"))
        {
            throw Refusal.ConditionInBatch();
        }

        string id = request["id"]?.GetValue<string>() ?? throw Refusal.BadBatchIds();
        string? group = request["atomicityGroup"]?.GetValue<string>();
        string[] dependsOn = [.. (request["dependsOn"]?.AsArray() ?? []).Select(other => GroupFor(other!.GetValue<string>(), group)).Distinct()];
        if (!dependsOn.All(other => _dependsOn.ContainsKey(other) || _groups.ContainsValue(other)))
        {
            throw Refusal.BadDependency();
        }

        if (!_dependsOn.TryAdd(id, dependsOn))
        {
            throw Refusal.BadBatchIds();
        }

        if (group is not null)
        {
            _groups[id] = group;
        }

        request["dependsOn"] = new JsonArray([.. dependsOn]);
    }

    /// <remarks>Who depends on a request of another group depends on all of the group. The standard has both named, the library the group alone.</remarks>
    private string GroupFor(string id, string? ownGroup) => GroupOf(id) is { } group && group != ownGroup ? group : id;

    /// <remarks>
    /// The library fails at a member that is null, at an annotation, at a request of a group that has no headers, and at <c>$metadata</c>: it
    /// takes what begins with <c>$</c> for a reference, and one with a query for a wrong one.
    /// </remarks>
    private static void Mend(JsonObject request)
    {
        string[] skipped = [.. request.Where(member => member.Value is null || member.Key.Contains('@', StringComparison.Ordinal)).Select(member => member.Key)];
        foreach (string member in skipped)
        {
            request.Remove(member);
        }

        request["headers"] ??= new JsonObject();
        string url = request["url"]!.GetValue<string>();
        if (url.TrimStart('/').StartsWith('$'))
        {
            request["url"] = $"./{url.TrimStart('/')}";
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Api.OData.Bodies;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Batch;

/// <summary>
/// A batch in JSON (OData JSON section 19.1): the dependencies between its requests, which ODataLib checks but does not
/// expose, and the batch in a form that ODataLib can read.
/// </summary>
public sealed class JsonBatch
{
    private readonly Dictionary<string, string[]> _dependsOn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    private JsonBatch(ReadOnlyMemory<byte> body) => Body = body;

    /// <summary>The batch for ODataLib.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>A multipart batch, which has no dependencies.</summary>
    public static JsonBatch None(ReadOnlyMemory<byte> body) => new(body);

    /// <summary>Reads a batch.</summary>
    /// <param name="body">The body.</param>
    /// <param name="urls">The URLs of its requests.</param>
    /// <exception cref="RefusalException">
    /// 400: the body is not a JSON batch, or has too many requests or wrong ids; 501: a request has a condition.
    /// </exception>
    public static JsonBatch Read(ReadOnlyMemory<byte> body, BatchUrls urls)
    {
        JsonArray all = Requests(JsonBody.WithoutByteOrderMark(body));
        JsonObject[] requests = [.. all.Select(request => request as JsonObject ?? throw Refusal.MalformedJsonBatch())];
        if (requests.Length is 0 or > BatchHandler.MaximumParts)
        {
            throw Refusal.BatchSize(BatchHandler.MaximumParts);
        }

        JsonBatch batch = new(body);
        foreach (JsonObject request in requests)
        {
            Normalize(request, urls);
            batch.Add(request);
        }

        if (batch._groups.Values.Any(batch._dependsOn.ContainsKey))
        {
            throw Refusal.BadBatchIds();
        }

        batch.Body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["requests"] = all.DeepClone() });
        return batch;
    }

    /// <summary>The name of the atomicity group of a request; null if it is in none.</summary>
    public string? GroupOf(string? id) => id is null ? null : _groups.GetValueOrDefault(id);

    /// <summary>Whether a request or its group has failed.</summary>
    public bool HasFailed(string id) => _failed.Contains(id);

    /// <summary>Whether a request depends on a request or group that has failed.</summary>
    public bool HasFailedFor(string? id) =>
        id is not null && _dependsOn.GetValueOrDefault(id, []).Any(_failed.Contains);

    /// <summary>Records that a request has failed, and its group with it.</summary>
    public void Fail(string? id)
    {
        if (id is not null)
        {
            _failed.Add(id);
            _failed.Add(GroupOf(id) ?? id);
        }
    }

    /// <summary>Records that a request has succeeded, even if an earlier one with its id has failed.</summary>
    public void Succeed(string id) => _failed.Remove(id);

    private static JsonArray Requests(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, JsonBody.Options);
            // Members beside the requests are ignored, whatever they hold.
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("requests", out JsonElement requests)
                && requests.ValueKind == JsonValueKind.Array
                && JsonText.IsUnicode(requests)
                    ? JsonArray.Create(requests.Clone())!
                    : throw Refusal.MalformedJsonBatch();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // System.Text.Json throws the latter at names that are not Unicode, when it looks for repeated members.
            throw Refusal.MalformedJsonBatch();
        }
    }

    private void Add(JsonObject request)
    {
        if (request.ContainsKey("if"))
        {
            throw Refusal.ConditionInBatch();
        }

        string id = request.ContainsKey("id") ? TextOf(request["id"]) : throw Refusal.BadBatchIds();
        string? group = request.ContainsKey("atomicityGroup") ? TextOf(request["atomicityGroup"]) : null;
        string[] dependsOn = [.. DependsOn(request).Select(other => GroupFor(other, group)).Distinct()];
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

    private static string[] DependsOn(JsonObject request) => request["dependsOn"] switch
    {
        null => [],
        JsonArray ids => [.. ids.Select(TextOf)],
        _ => throw Refusal.MalformedJsonBatch(),
    };

    private static string TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String
        ? node.GetValue<string>()
        : throw Refusal.MalformedJsonBatch();

    /// <remarks>
    /// A request that depends on a request of another group depends on that whole group. The standard demands that the
    /// client names both; ODataLib accepts only the group.
    /// </remarks>
    private string GroupFor(string id, string? ownGroup) => GroupOf(id) is { } group && group != ownGroup ? group : id;

    /// <remarks>
    /// ODataLib fails at null members, at annotations, and at requests in a group that have no headers.
    /// </remarks>
    private static void Normalize(JsonObject request, BatchUrls urls)
    {
        string[] skipped =
        [
            .. request
                .Where(member => member.Value is null || member.Key.Contains('@', StringComparison.Ordinal))
                .Select(member => member.Key),
        ];
        foreach (string member in skipped)
        {
            request.Remove(member);
        }

        request["headers"] ??= new JsonObject();
        request["url"] = urls.Within(TextOf(request["url"]));
    }
}

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
    /// <exception cref="RefusalException">400: the body is not a batch in JSON, or has too many requests.</exception>
    public static JsonBatch Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            JsonNode batch = JsonNode.Parse(body.Span, documentOptions: Options)!;
            JsonArray requests = batch["requests"]!.AsArray();
            if (requests.Count is 0 or > BatchHandler.MaximumParts)
            {
                throw Refusal.BatchSize(BatchHandler.MaximumParts);
            }

            JsonBatch read = new(body);
            string[] ids = [.. requests.Select(request => request!["id"]!.GetValue<string>())];
            foreach (JsonObject request in requests.Select(request => request!.AsObject()))
            {
                read.Add(request);
                Mend(request, ids);
            }

            read.Body = JsonSerializer.SerializeToUtf8Bytes(batch);
            return read;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            throw Refusal.MalformedBatch();
        }
    }

    /// <summary>The name of the atomicity group of a request; null where it is in none.</summary>
    public string? GroupOf(string? id) => id is null ? null : _groups.GetValueOrDefault(id);

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

    private void Add(JsonObject request)
    {
        string id = request["id"]!.GetValue<string>();
        if (request["dependsOn"] is JsonArray dependsOn)
        {
            _dependsOn[id] = [.. dependsOn.Select(other => other!.GetValue<string>())];
        }

        if (request["atomicityGroup"] is { } group)
        {
            _groups[id] = group.GetValue<string>();
        }
    }

    /// <remarks>
    /// The library fails at a member that is null, at a request of a group that has no headers, and at <c>$metadata</c>, which it takes for
    /// a reference to a request of that name.
    /// </remarks>
    private static void Mend(JsonObject request, string[] ids)
    {
        foreach (string absent in request.Where(member => member.Value is null).Select(member => member.Key).ToArray())
        {
            request.Remove(absent);
        }

        request["headers"] ??= new JsonObject();
        string url = request["url"]!.GetValue<string>();
        string first = url.TrimStart('/').Split('/', '?')[0];
        if (first.StartsWith('$') && !ids.Contains(first[1..], StringComparer.Ordinal))
        {
            request["url"] = $"./{url.TrimStart('/')}";
        }
    }
}

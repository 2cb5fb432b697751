using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>A change, or several that are written as one change set: the sets of all are changed, or none.</summary>
/// <param name="changes">The changes, each of another set.</param>
/// <param name="isRepeatable">Whether it can be sent again if no answer comes (OASIS Repeatable Requests 1.0).</param>
public sealed class LedgerWrite(IReadOnlyList<LedgerChange> changes, bool isRepeatable = false)
{
    private readonly (string Name, string Value)[] _repeatability = isRepeatable
        ?
        [
            ("Repeatability-Request-ID", $"{Guid.NewGuid()}"),
            ("Repeatability-First-Sent", DateTimeOffset.UtcNow.ToString("r", CultureInfo.InvariantCulture)),
        ]
        : [];

    /// <summary>The changes.</summary>
    public IReadOnlyList<LedgerChange> Changes => changes;

    /// <summary>Whether it can be sent again.</summary>
    public bool IsRepeatable => isRepeatable;

    /// <summary>Sends it.</summary>
    /// <returns>The answer; the one of a broken connection if none came.</returns>
    public async Task<LedgerAnswer> SendAsync(HttpClient client)
    {
        try
        {
            return LedgerAnswer.Of(changes, await (changes.Count == 1 ? SendOneAsync(client) : SendAllAsync(client)));
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            return LedgerAnswer.Broken(exception);
        }
    }

    /// <inheritdoc />
    public override string ToString() => string.Join(" & ", changes);

    private async Task<PartAnswer[]> SendOneAsync(HttpClient client)
    {
        LedgerChange change = changes[0];
        (string, string)[] headers = HeadersOf(change);
        HttpMethod method = new(change.Method);
        using HttpResponseMessage response = change.Body is null
            ? await client.SendAsync(method, change.Path, content: null, headers)
            : await client.SendJsonAsync(method, change.Path, change.Body.ToJsonString(), headers);
        return [await PartAnswer.OfAsync(response)];
    }

    private async Task<PartAnswer[]> SendAllAsync(HttpClient client)
    {
        JsonObject batch = new() { ["requests"] = new JsonArray([.. changes.Select(Part)]) };
        using HttpResponseMessage response = await client.PostBatchAsync("", batch.ToJsonString(), "application/json");
        return response.StatusCode == HttpStatusCode.OK
            ? [.. (await response.JsonAsync())["responses"]!.AsArray().Select(part => PartAnswer.Of(part!))]
            : [await PartAnswer.OfAsync(response)];
    }

    private JsonObject Part(LedgerChange change, int index)
    {
        JsonObject part =
            Batches.Request($"{index}", change.Method, change.Path, change.Body?.ToJsonString(), group: "g");
        JsonObject headers = part["headers"]?.AsObject() ?? [];
        foreach ((string name, string value) in HeadersOf(change))
        {
            headers[name] = value;
        }

        part["headers"] = headers;
        return part;
    }

    private (string Name, string Value)[] HeadersOf(LedgerChange change) =>
        [.. change.IfMatch is null ? [] : ((string, string)[])[("If-Match", change.IfMatch)], .. _repeatability];
}

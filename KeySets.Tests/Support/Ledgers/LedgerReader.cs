using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Ledgers;

/// <summary>Reads sets, as any client does.</summary>
public static class LedgerReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Reads a set; null if it is not there.</summary>
    /// <exception cref="HttpRequestException">The service could not tell.</exception>
    public static async Task<SetState?> ReadAsync(HttpClient client, LedgerSet set)
    {
        using HttpResponseMessage response = await client.GetAsync($"{set.Path}/keys_v2");
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        JsonArray keys = (await response.JsonAsync())["value"]!.AsArray();
        return new SetState(
            [.. keys.Select(key => new LedgerKey((string)key!["kid"]!, (string?)key["status"] == "disabled"))],
            response.Header("ETag"));
    }

    /// <summary>Reads a set, again while the service answers 503.</summary>
    public static Task<SetState?> ReadPatientlyAsync(HttpClient client, LedgerSet set) =>
        PatientlyAsync(() => ReadAsync(client, set));

    /// <summary>Reads the ids of all sets, page by page.</summary>
    public static async Task<IReadOnlyList<string>> ReadIdsAsync(HttpClient client)
    {
        List<string> ids = [];
        string? url = "trustFramework/keySets";
        while (url is not null)
        {
            JsonObject page = JsonNode.Parse(await PatientlyAsync(() => client.GetStringAsync(url)))!.AsObject();
            ids.AddRange(page["value"]!.AsArray().Select(set => (string)set!["id"]!));
            url = (string?)page["@odata.nextLink"];
        }

        return ids;
    }

    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> read)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await read();
            }
            catch (HttpRequestException exception)
                when (exception.StatusCode is HttpStatusCode.ServiceUnavailable
                    && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(100);
            }
        }
    }
}

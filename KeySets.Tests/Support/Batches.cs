using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>Batches in both formats.</summary>
public static partial class Batches
{
    /// <summary>What separates the parts of a multipart batch.</summary>
    public const string Boundary = "batch_boundary";

    /// <summary>A request of a JSON batch.</summary>
    public static JsonObject Request(
        string id, string method, string url, string? body = null, string? group = null, params string[] dependsOn)
    {
        JsonObject request = new() { ["id"] = id, ["method"] = method, ["url"] = url };
        if (body is not null)
        {
            request["headers"] = new JsonObject { ["Content-Type"] = "application/json" };
            request["body"] = JsonNode.Parse(body);
        }

        if (group is not null)
        {
            request["atomicityGroup"] = group;
        }

        if (dependsOn.Length > 0)
        {
            request["dependsOn"] = new JsonArray([.. dependsOn]);
        }

        return request;
    }

    /// <summary>Sends a JSON batch.</summary>
    /// <returns>The answers by the ids of their requests, in order.</returns>
    public static async Task<Dictionary<string, JsonObject>> BatchAsync(
        this HttpClient client, string root, JsonObject[] requests, string? prefer = null)
    {
        JsonObject batch = new() { ["requests"] = new JsonArray([.. requests]) };
        HttpResponseMessage response =
            await client.PostBatchAsync(root, batch.ToJsonString(), "application/json", prefer);
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        return (await response.JsonAsync())["responses"]!.AsArray()
            .ToDictionary(answer => (string)answer!["id"]!, answer => answer!.AsObject());
    }

    /// <summary>A request of a multipart batch.</summary>
    public static string Part(string method, string url, string? body = null, string? contentId = null) => $"""
        Content-Type: application/http
        Content-Transfer-Encoding: binary
        {(contentId is null ? "" : $"Content-ID: {contentId}\n")}
        {method} {url} HTTP/1.1
        {(body is null ? "" : "Content-Type: application/json\n")}
        {body}
        """;

    /// <summary>A change set of a multipart batch.</summary>
    public static string ChangeSet(params string[] parts) =>
        $"Content-Type: multipart/mixed;boundary=changes\n\n{Join("changes", parts)}";

    /// <summary>Sends a multipart batch.</summary>
    /// <returns>The status of each answer, and all answers as text.</returns>
    public static async Task<(int[] Statuses, string Text)> BatchAsync(
        this HttpClient client, string root, string[] parts, string? prefer = null)
    {
        HttpResponseMessage response = await client.PostBatchAsync(
            root, Join(Boundary, parts), $"multipart/mixed;boundary={Boundary}", prefer);
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        Assert.That(response.Header("Content-Type"), Does.StartWith("multipart/mixed; boundary="));
        return ([.. Status().Matches(text).Select(match => int.Parse(match.Groups["status"].Value))], text);
    }

    /// <summary>Sends a batch that is given as text.</summary>
    public static Task<HttpResponseMessage> PostBatchAsync(
        this HttpClient client,
        string root,
        string body,
        string contentType,
        string? prefer = null,
        string query = "")
    {
        StringContent content = new(body, Encoding.UTF8);
        content.Headers.ContentType = contentType.Length == 0 ? null : MediaTypeHeaderValue.Parse(contentType);
        return client.SendAsync(
            HttpMethod.Post, $"{root}/$batch{query}", content, prefer is null ? [] : [("Prefer", prefer)]);
    }

    /// <summary>The body of a multipart message.</summary>
    public static string Join(string boundary, params string[] parts) =>
        (string.Concat(parts.Select(part => $"--{boundary}\n{part}\n")) + $"--{boundary}--\n")
            .ReplaceLineEndings("\r\n");

    [GeneratedRegex(@"^HTTP/1\.1 (?<status>\d{3}) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Status();
}

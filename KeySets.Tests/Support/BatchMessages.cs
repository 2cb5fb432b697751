using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace KeySets.Tests.Support;

/// <summary>An answer to a request, alone or in a batch.</summary>
/// <param name="Status">The status.</param>
/// <param name="ETag">The ETag header; null if there is none.</param>
/// <param name="Body">The body, which is JSON or a number; null if there is none.</param>
public sealed record Answer(HttpStatusCode Status, string? ETag, JsonNode? Body)
{
    /// <summary>The code of an error; null if the answer is not an error.</summary>
    public string? Code => Status >= HttpStatusCode.BadRequest ? (string?)Body?["error"]?["code"] : null;
}

/// <summary>
/// Sends operations as single requests, as JSON batches (OData JSON section 19) or as multipart batches (OData Protocol
/// section 11.7.7).
/// </summary>
/// <param name="client">A client that may write.</param>
/// <param name="tags">The tags for preconditions.</param>
public sealed class BatchMessages(HttpClient client, EntityTags tags)
{
    /// <summary>Sends operations.</summary>
    /// <returns>The answers, in order.</returns>
    public async Task<IReadOnlyList<Answer>> SendAsync(OperationBatch batch) => batch.Format switch
    {
        BatchFormat.Json => await SendJsonAsync(batch),
        BatchFormat.Multipart => await SendMultipartAsync(batch),
        _ => [await SendAsync(batch.Groups[0].Operations[0])],
    };

    private async Task<Answer> SendAsync(KeySetOperation operation)
    {
        HttpResponseMessage response = await client.SendAsync(
            operation.Method,
            operation.Path,
            operation.Body() is { } body ? Json(body) : null,
            [.. Headers(operation)]);
        return new Answer(
            response.StatusCode, response.Header("ETag"), Parse(await response.Content.ReadAsStringAsync()));
    }

    private async Task<IReadOnlyList<Answer>> SendJsonAsync(OperationBatch batch)
    {
        JsonArray requests = [.. batch.Groups.SelectMany((group, index) =>
            group.Operations.Select((operation, part) =>
                JsonPart(operation, $"{index}-{part}", group.IsAtomic ? $"group-{index}" : null)))];
        string[] ids = [.. requests.Select(request => (string)request!["id"]!)];
        HttpResponseMessage response = await client.SendAsync(
            HttpMethod.Post, "/$batch", Json(new JsonObject { ["requests"] = requests }));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());

        // The answers may come in any order.
        return [.. (await response.JsonAsync())["responses"]!.AsArray()
            .OrderBy(part => Array.IndexOf(ids, (string?)part!["id"]))
            .Select(part => new Answer(
                (HttpStatusCode)(int)part!["status"]!, (string?)part["headers"]?["etag"], part["body"]))];
    }

    private JsonObject JsonPart(KeySetOperation operation, string id, string? group)
    {
        JsonObject headers =
            [.. Headers(operation).Select(header => KeyValuePair.Create(header.Name, (JsonNode?)header.Value))];
        JsonObject request = new()
        {
            ["id"] = id,
            ["method"] = operation.Method.Method,
            ["url"] = operation.Path,
            ["headers"] = headers,
        };
        if (group is not null)
        {
            request["atomicityGroup"] = group;
        }

        if (operation.Body() is { } body)
        {
            headers["content-type"] = "application/json";
            request["body"] = body;
        }

        return request;
    }

    private async Task<IReadOnlyList<Answer>> SendMultipartAsync(OperationBatch batch)
    {
        using MultipartContent content = new("mixed");
        // A Content-ID is unique in the whole batch.
        int number = 0;
        foreach (OperationGroup group in batch.Groups)
        {
            MultipartContent parts = group.IsAtomic ? new MultipartContent("mixed") : content;
            foreach (KeySetOperation operation in group.Operations)
            {
                parts.Add(HttpPart(operation, $"{++number}"));
            }

            if (group.IsAtomic)
            {
                content.Add(parts);
            }
        }

        HttpResponseMessage response = await client.SendAsync(HttpMethod.Post, "/$batch", content);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        return await ReadAsync(response.Header("Content-Type")!, await response.Content.ReadAsStreamAsync());
    }

    private StringContent HttpPart(KeySetOperation operation, string id)
    {
        string headers = string.Concat(Headers(operation).Select(header => $"{header.Name}: {header.Value}\r\n"));
        string request = $"{operation.Method} http://localhost{operation.Path} HTTP/1.1\r\n{headers}";
        StringContent part = new(operation.Body() is { } body
            ? $"{request}Content-Type: application/json\r\n\r\n{body.ToJsonString()}\r\n"
            : $"{request}\r\n");
        part.Headers.ContentType = new MediaTypeHeaderValue("application/http");
        part.Headers.Add("Content-Transfer-Encoding", "binary");
        part.Headers.Add("Content-ID", id);
        return part;
    }

    private static async Task<List<Answer>> ReadAsync(string contentType, Stream content)
    {
        string boundary = MediaTypeHeaderValue.Parse(contentType)
            .Parameters.Single(parameter => parameter.Name == "boundary").Value!.Trim('"');
        MultipartReader reader = new(boundary, content);
        List<Answer> answers = [];
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            answers.AddRange(section.ContentType!.StartsWith("multipart/mixed", StringComparison.Ordinal)
                ? await ReadAsync(section.ContentType, section.Body)
                : [ReadHttp(await section.ReadAsStringAsync())]);
        }

        return answers;
    }

    private static Answer ReadHttp(string message)
    {
        string[] parts = message.Split("\r\n\r\n", 2);
        string[] head = parts[0].Split("\r\n");
        string? tag = head.SingleOrDefault(line => line.StartsWith("ETag: ", StringComparison.OrdinalIgnoreCase));
        return new Answer(Enum.Parse<HttpStatusCode>(head[0].Split(' ')[1]), tag?["ETag: ".Length..], Parse(parts[1]));
    }

    private IEnumerable<(string Name, string Value)> Headers(KeySetOperation operation) =>
        operation.Precondition is { } precondition
            ? [(precondition.Header, precondition.Revision is { } revision ? tags.Of(revision) : "*")]
            : [];

    private static StringContent Json(JsonNode body) =>
        new(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private static JsonNode? Parse(string body) => string.IsNullOrWhiteSpace(body) ? null : JsonNode.Parse(body);
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>An operation of an OpenAPI document, for a client that knows only the document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Path">The URL template.</param>
/// <param name="Method">The method.</param>
/// <param name="Content">The Operation Object of the document.</param>
public sealed partial record DescribedOperation(JsonObject Document, string Path, HttpMethod Method, JsonObject Content)
{
    /// <summary>Its operationId.</summary>
    public string Id => (string)Content["operationId"]!;

    /// <summary>The permission that it needs; null if it needs none.</summary>
    public string? Permission => Content["security"]?.AsArray() is [JsonObject requirement]
        ? (string?)requirement["bearer"]![0]
        : null;

    /// <summary>Whether it can create a resource.</summary>
    public bool Creates => Content["responses"]!["201"] is not null;

    /// <summary>Its parameters.</summary>
    public IEnumerable<JsonObject> Parameters => Content["parameters"]?.AsArray().Select(Resolve) ?? [];

    /// <summary>The bodies of its examples; a single null if it takes no body.</summary>
    public IReadOnlyList<JsonNode?> Bodies => Content["requestBody"] is { } body
        ? [.. body["content"]!["application/json"]!["examples"]!.AsObject().Select(example => example.Value!["value"])]
        : [null];

    /// <summary>The operations of a document.</summary>
    public static IEnumerable<DescribedOperation> Of(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new DescribedOperation(document, path.Key, HttpMethod.Parse(operation.Key), operation.Value!.AsObject());

    /// <summary>
    /// The operations of a document, in an order in which each one finds the resource of its example: first those that
    /// create, sets before keys; then those that read and change; last those that delete, keys before sets.
    /// </summary>
    public static IEnumerable<DescribedOperation> InWorkingOrder(JsonObject document) => Of(document)
        .OrderBy(operation => operation.Id switch
        {
            "createKeySet" => 0,
            _ when operation.Method == HttpMethod.Put => 1,
            _ when operation.Path.Contains("keys_v2/", StringComparison.Ordinal)
                && operation.Method == HttpMethod.Delete => 5,
            "deleteKeySet" => 7,
            _ when operation.Method == HttpMethod.Delete => 6,
            "updateKeySet" => 2,
            _ when operation.Method == HttpMethod.Post => 3,
            _ => 4,
        });

    /// <summary>The sample value in the description of an optional parameter.</summary>
    public static string Sample(JsonObject parameter) =>
        SampleInText().Match((string)parameter["description"]!).Groups["sample"].Value;

    /// <summary>The schema of an answer with this status and media type; null if it is not documented.</summary>
    public JsonObject? Schema(int status, string? mediaType) =>
        Content["responses"]?[$"{status}"]?["content"]?[mediaType ?? ""]?["schema"] is { } schema
            ? Resolve(schema)
            : null;

    /// <summary>The request, whose URL has the examples of the path parameters.</summary>
    public HttpRequestMessage Request(JsonNode? body = null, string query = "")
    {
        string url = Parameters.Where(parameter => (string?)parameter["in"] == "path").Aggregate(
            Path,
            (path, parameter) => path.Replace(
                $"{{{parameter["name"]}}}",
                Uri.EscapeDataString((string)parameter["example"]!),
                StringComparison.Ordinal));
        return new HttpRequestMessage(Method, $"{url}{query}")
        {
            Content = body is null
                ? null
                : new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
    }

    /// <summary>
    /// The violations of a schema in a JSON value: unknown and missing members, wrong types, and values that are not in
    /// an enumeration.
    /// </summary>
    public IEnumerable<string> Violations(JsonNode? value, JsonNode schema, string path = "")
    {
        JsonObject resolved = Resolve(schema);
        if (!IsOfType(value, resolved))
        {
            return [$"{path} is {value?.ToJsonString() ?? "null"}"];
        }

        return value switch
        {
            JsonArray items => items.SelectMany((item, index) =>
                Violations(item, resolved["items"]!, $"{path}/{index}")),
            JsonObject members when resolved["properties"] is JsonObject known =>
                Missing(members, resolved, path).Concat(members.SelectMany(member => known[member.Key] is { } inner
                    ? Violations(member.Value, inner, $"{path}/{member.Key}")
                    : [$"{path}/{member.Key} is not known"])),
            _ => [],
        };
    }

    private static IEnumerable<string> Missing(JsonObject members, JsonObject schema, string path) =>
        (schema["required"]?.AsArray() ?? [])
            .Where(name => !members.ContainsKey((string)name!))
            .Select(name => $"{path}/{name} is missing");

    private static bool IsOfType(JsonNode? value, JsonObject schema)
    {
        string[] types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string)type!)],
            { } one => [(string)one!],
            null => [],
        };
        string kind = value?.GetValueKind() switch
        {
            null => "null",
            JsonValueKind.Number => "integer",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            { } other => other.ToString().ToLowerInvariant(),
        };
        return (types.Length == 0 || types.Contains(kind))
            && (schema["enum"] is not JsonArray allowed || allowed.Any(item => JsonNode.DeepEquals(item, value)));
    }

    private JsonObject Resolve(JsonNode? node) => (string?)node!["$ref"] is { } reference
        ? reference.Split('/').Skip(1).Aggregate((JsonNode)Document, (found, name) => found[name]!).AsObject()
        : node.AsObject();

    [GeneratedRegex("Such as `(?<sample>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex SampleInText();
}

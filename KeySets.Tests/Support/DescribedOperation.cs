using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>An operation of an OpenAPI document, as somebody has it who knows nothing but the document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Path">The URL template.</param>
/// <param name="Method">The method.</param>
/// <param name="Content">What the document says of it.</param>
public sealed partial record DescribedOperation(JsonObject Document, string Path, HttpMethod Method, JsonObject Content)
{
    /// <summary>Its name.</summary>
    public string Id => (string)Content["operationId"]!;

    /// <summary>The permission that it needs; null for none.</summary>
    public string? Permission => Content["security"]?.AsArray() is [JsonObject requirement] ? (string?)requirement["bearer"]![0] : null;

    /// <summary>Whether it makes what is not there.</summary>
    public bool Creates => Content["responses"]!["201"] is not null;

    /// <summary>Its parameters.</summary>
    public IEnumerable<JsonObject> Parameters => Content["parameters"]?.AsArray().Select(Resolve) ?? [];

    /// <summary>The bodies that it shows as examples; null where it takes none.</summary>
    public IReadOnlyList<JsonNode?> Bodies => Content["requestBody"] is { } body
        ? [.. body["content"]!["application/json"]!["examples"]!.AsObject().Select(example => example.Value!["value"])]
        : [null];

    /// <summary>The operations of a document.</summary>
    public static IEnumerable<DescribedOperation> Of(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new DescribedOperation(document, path.Key, HttpMethod.Parse(operation.Key), operation.Value!.AsObject());

    /// <summary>The operations of a document so that each finds what its example is about: what makes comes first, sets before what stands in them, then what reads and changes; what removes comes last, the inner before the outer.</summary>
    public static IEnumerable<DescribedOperation> InWorkingOrder(JsonObject document) => Of(document)
        .OrderBy(operation => operation.Id switch
        {
            "createKeySet" => 0,
            _ when operation.Method == HttpMethod.Put => 1,
            _ when operation.Path.Contains("keys_v2/", StringComparison.Ordinal) && operation.Method == HttpMethod.Delete => 5,
            "deleteKeySet" => 7,
            _ when operation.Method == HttpMethod.Delete => 6,
            "updateKeySet" => 2,
            _ when operation.Method == HttpMethod.Post => 3,
            _ => 4,
        });

    /// <summary>The sample that the text of an optional parameter has.</summary>
    public static string Sample(JsonObject parameter) => SampleInText().Match((string)parameter["description"]!).Groups["sample"].Value;

    /// <summary>The schema of a media type of an answer; null where it is not documented.</summary>
    public JsonObject? Schema(int status, string? mediaType) =>
        Content["responses"]?[$"{status}"]?["content"]?[mediaType ?? ""]?["schema"] is { } schema ? Resolve(schema) : null;

    /// <summary>The request with the examples of its URL.</summary>
    public HttpRequestMessage Request(JsonNode? body = null, string query = "")
    {
        string url = Parameters.Where(parameter => (string?)parameter["in"] == "path").Aggregate(
            Path, (path, parameter) => path.Replace($"{{{parameter["name"]}}}", Uri.EscapeDataString((string)parameter["example"]!), StringComparison.Ordinal));
        return new HttpRequestMessage(Method, $"{url}{query}")
        {
            Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
    }

    /// <summary>What of a JSON value is not as its schema has it: members that it does not know or misses, types, and values of an enumeration.</summary>
    public IEnumerable<string> Violations(JsonNode? value, JsonNode schema, string path = "")
    {
        JsonObject resolved = Resolve(schema);
        if (!IsOfType(value, resolved))
        {
            return [$"{path} is {value?.ToJsonString() ?? "null"}"];
        }

        return value switch
        {
            JsonArray items => items.SelectMany((item, index) => Violations(item, resolved["items"]!, $"{path}/{index}")),
            JsonObject members when resolved["properties"] is JsonObject known => Missing(members, resolved, path).Concat(members.SelectMany(member =>
                known[member.Key] is { } inner ? Violations(member.Value, inner, $"{path}/{member.Key}") : [$"{path}/{member.Key} is not known"])),
            _ => [],
        };
    }

    private static IEnumerable<string> Missing(JsonObject members, JsonObject schema, string path) =>
        (schema["required"]?.AsArray() ?? []).Where(name => !members.ContainsKey((string)name!)).Select(name => $"{path}/{name} is missing");

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

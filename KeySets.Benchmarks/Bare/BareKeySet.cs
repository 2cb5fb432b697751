using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeySets.Benchmarks.Bare;

/// <summary>A key, with its members in the order of the service.</summary>
internal sealed record BareKey
{
    [JsonPropertyName("@odata.type")]
    public string Type { get; init; } = "microsoft.cpim.api.dataModels.trustFrameworkKey";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? K { get; init; }

    public string[] X5c { get; init; } = [];

    public string? X5t { get; init; }

    public string? Kty { get; init; }

    public string? Use { get; init; }

    public long? Exp { get; init; }

    public long? Nbf { get; init; }

    public string? Kid { get; init; }

    public string? E { get; init; }

    public string? N { get; init; }
}

/// <summary>A set, with its members in the order of the service.</summary>
internal sealed record BareKeySet
{
    [JsonPropertyName("@odata.context")]
    public string? Context { get; init; }

    [JsonPropertyName("@odata.type")]
    public string Type { get; init; } = "#microsoft.cpim.api.dataModels.trustFrameworkKeySet";

    [JsonPropertyName("@odata.etag")]
    public string? EntityTag { get; init; }

    public string? Id { get; init; }

    public BareKey[] Keys { get; init; } = [];
}

/// <summary>A part of a batch.</summary>
internal sealed record BarePart(string Id, string? AtomicityGroup, BareKeySet Body);

/// <summary>A batch.</summary>
internal sealed record BareBatch(BarePart[] Requests);

/// <summary>The answer to a part of a batch.</summary>
internal sealed record BarePartAnswer(
    string Id, string? AtomicityGroup, int Status, IReadOnlyDictionary<string, string> Headers, BareKeySet Body);

/// <summary>The answer to a batch.</summary>
internal sealed record BareBatchAnswer(BarePartAnswer[] Responses);

/// <summary>The source-generated JSON of the bare handler.</summary>
[JsonSerializable(typeof(BareKeySet))]
[JsonSerializable(typeof(BareBatch))]
[JsonSerializable(typeof(BareBatchAnswer))]
internal sealed partial class BareJson : JsonSerializerContext
{
    /// <summary>Writes as the service does: camel case, and no escapes that JSON does not demand.</summary>
    public static BareJson Instance { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

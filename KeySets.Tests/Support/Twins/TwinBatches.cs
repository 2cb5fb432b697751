using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Twins;

/// <summary>Batches in both formats.</summary>
public static class TwinBatches
{
    private const int MostParts = 50;

    private static readonly Uri Root = new("http://localhost");

    /// <summary>Reads as the requests of batches, in JSON and in multipart.</summary>
    public static IEnumerable<TwinRequest> Of(IEnumerable<TwinRequest> reads) =>
        reads.Chunk(MostParts).SelectMany((TwinRequest[] page) => new[]
        {
            Json([.. page.Select((read, index) => Batches.Request($"{index}", read.Method, read.Target))]),
            Multipart([.. page.Select(read => Batches.Part(read.Method, new Uri(Root, read.Target).PathAndQuery))]),
        });

    /// <summary>A batch in JSON.</summary>
    public static TwinRequest Json(params JsonNode[] requests) => new(
        "POST", "/$batch", new JsonObject { ["requests"] = new JsonArray(requests) }.ToJsonString());

    /// <summary>A batch in multipart.</summary>
    public static TwinRequest Multipart(params string[] parts) => new(
        "POST",
        "/$batch",
        Batches.Join(Batches.Boundary, parts),
        ("Content-Type", $"multipart/mixed;boundary={Batches.Boundary}"),
        ("Prefer", "continue-on-error"));
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using KeySets.Api.OData.Requests;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Repeatability;

/// <summary>The answer to a repeatable request, as it was first given.</summary>
/// <param name="Fingerprint">What the request asked for.</param>
/// <param name="Parts">The answer, or those to the requests of a change set.</param>
[SuppressMessage("Performance", "CA1819", Justification = "System.Text.Json reads and writes it.")]
public sealed record RememberedAnswer(string Fingerprint, RememberedAnswer.Part[] Parts)
{
    // Each answer has its own.
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "request-id", "client-request-id", RepeatabilityHeaders.Result, HeaderNames.ContentLength, HeaderNames.Date,
    };

    /// <summary>Takes the answers out of responses whose bodies are buffers.</summary>
    public static RememberedAnswer Of(RepeatableRequest request, IEnumerable<HttpContext> contexts) =>
        new(request.Fingerprint, [.. contexts.Select(context => Part.Of(context.Response))]);

    /// <summary>Reads an answer.</summary>
    public static RememberedAnswer Read(byte[] json) => JsonSerializer.Deserialize<RememberedAnswer>(json)!;

    /// <summary>The answer as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Gives the answer again, in the place of what the responses have.</summary>
    public async Task WriteAsync(IReadOnlyList<HttpContext> contexts)
    {
        foreach ((HttpContext context, Part part) in contexts.Zip(Parts))
        {
            await part.WriteAsync(context.Response);
        }
    }

    /// <summary>The answer to one request.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Headers">Its headers, but for those that each answer has of its own.</param>
    /// <param name="Body">Its body.</param>
    [SuppressMessage("Performance", "CA1819", Justification = "System.Text.Json reads and writes it.")]
    [SuppressMessage("Design", "CA1034", Justification = "It is a part of the answer.")]
    public sealed record Part(int Status, Dictionary<string, string?[]> Headers, byte[] Body)
    {
        /// <summary>Takes the answer out of a response whose body is a buffer.</summary>
        public static Part Of(HttpResponse response) => new(
            response.StatusCode,
            response.Headers
                .Where(header => !Own.Contains(header.Key))
                .ToDictionary(header => header.Key, header => header.Value.ToArray()),
            ((MemoryStream)response.Body).ToArray());

        /// <summary>Writes the answer to a response whose body is a buffer.</summary>
        public async Task WriteAsync(HttpResponse response)
        {
            response.Clear();
            response.StatusCode = Status;
            foreach ((string name, string?[] values) in Headers)
            {
                response.Headers[name] = values;
            }

            await response.Body.WriteAsync(Body);
        }
    }
}

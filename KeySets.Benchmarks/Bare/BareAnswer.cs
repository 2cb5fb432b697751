using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace KeySets.Benchmarks.Bare;

/// <summary>An answer that is written into a buffer which its thread keeps, and then sent with its length.</summary>
internal sealed class BareAnswer : IDisposable
{
    [ThreadStatic]
    private static BareAnswer? OfThread;

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    private BareAnswer()
    {
        JsonWriterOptions options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        };
        Json = new Utf8JsonWriter(_buffer, options);
    }

    /// <summary>Writes the body.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Begins an answer. Nothing may be awaited before <see cref="Send"/>.</summary>
    public static BareAnswer Begin()
    {
        BareAnswer answer = OfThread ??= new BareAnswer();
        answer._buffer.ResetWrittenCount();
        answer.Json.Reset();
        return answer;
    }

    /// <summary>Sends what was written. The buffer is free when this method returns.</summary>
    public void Send(HttpContext context, int status, string type, string? entityTag = null)
    {
        Json.Flush();
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentLength = _buffer.WrittenCount;
        response.ContentType = type;
        if (entityTag is not null)
        {
            response.Headers.ETag = entityTag;
        }

        // Kestrel sends what is in its buffer when the request ends.
        response.BodyWriter.Write(_buffer.WrittenSpan);
    }

    /// <inheritdoc />
    public void Dispose() => Json.Dispose();
}

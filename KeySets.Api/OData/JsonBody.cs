using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Text.Json;
using KeySets.Api.Keys;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData;

/// <summary>
/// The JSON of a request, read whole and within limits before anything else happens. System.Text.Json does it instead of the
/// OData reader, which is a third as fast and whose errors have no target (README, decisions).
/// </summary>
public static class JsonBody
{
    /// <summary>The largest body, in bytes.</summary>
    public const int MaximumBytes = 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays.</summary>
    public const int MaximumDepth = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>Reads the body and gives its root to a reader of some type.</summary>
    /// <exception cref="RefusalException">415: not JSON in UTF-8; 413: too large; 400: empty, malformed or nested too deep.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, Func<BodyValue, T> read)
    {
        bool numbersAsText = RequireJson(request);
        ReadOnlyMemory<byte> bytes = await ReadBytesAsync(request);
        try
        {
            using JsonDocument document = Parse(WithoutByteOrderMark(bytes));
            return read(new BodyValue(document.RootElement, Parent: "", Name: "", numbersAsText));
        }
        catch (InvalidOperationException)
        {
            // Readers look at the kind of a value before they take it, so this is text that is not Unicode.
            throw Refusal.UnreadableText();
        }
    }

    /// <returns>Whether 64-bit numbers may stand as text: the format parameter IEEE754Compatible=true (OData JSON section 3.2).</returns>
    private static bool RequireJson(HttpRequest request)
    {
        if (!IsPlainUtf8(request, MediaTypeNames.Application.Json, out MediaTypeHeaderValue? type))
        {
            throw Refusal.UnsupportedMediaType();
        }

        return type.Parameters.Any(parameter =>
            parameter.Name.Equals("IEEE754Compatible", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(parameter.Value).Equals("true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the body is of a media type, in UTF-8, and sent as it is.</summary>
    public static bool IsPlainUtf8(HttpRequest request, string mediaType, [NotNullWhen(true)] out MediaTypeHeaderValue? type) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && IsPlain(request);

    /// <summary>Whether the body is sent as it is: no Content-Encoding is supported.</summary>
    public static bool IsPlain(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0 || "identity".Equals(request.Headers.ContentEncoding, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the bytes of a body.</summary>
    /// <exception cref="RefusalException">413: too large.</exception>
    /// <remarks>Not from a pool: what one request leaves in an array never meets another request.</remarks>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request)
    {
        // One byte more than the limit tells whether there is one.
        byte[] bytes = new byte[Math.Min(request.ContentLength ?? 4096, MaximumBytes) + 1];
        int length = 0;
        while (await ReadAsync(request, bytes.AsMemory(length)) is > 0 and int read)
        {
            length += read;
            if (length > MaximumBytes)
            {
                throw Refusal.BodyTooLarge(MaximumBytes / 1024);
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(2 * length, MaximumBytes + 1));
            }
        }

        return bytes.AsMemory(0, length);
    }

    private static async Task<int> ReadAsync(HttpRequest request, Memory<byte> buffer)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The chunks of the body cannot be told apart, or its sender has gone.
            throw new BadHttpRequestException("The body cannot be read.", exception);
        }
    }

    /// <summary>A text in UTF-8 without the mark that some clients put in front.</summary>
    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json) =>
        json.Span is [0xEF, 0xBB, 0xBF, ..] ? json[3..] : json;

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            throw Refusal.EmptyBody();
        }

        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException exception)
        {
            // The exception's own message can quote the body.
            throw (exception.LineNumber, exception.BytePositionInLine) switch
            {
                ({ } line, { } position) when !IsTooDeep(json.Span) => Refusal.MalformedJson(line + 1, position + 1),
                ({ }, { }) => Refusal.NestedTooDeep(MaximumDepth),
                _ => Refusal.RepeatedMember(),
            };
        }
    }

    private static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaximumDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == MaximumDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Malformed before it is too deep.
        }

        return false;
    }
}

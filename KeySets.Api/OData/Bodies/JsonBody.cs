using System.Text.Json;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.OData.Bodies;

/// <summary>
/// The JSON of a request, read whole and within limits before anything else happens. System.Text.Json reads it, since
/// ODataLib is a third as fast and its errors have no target (docs/decisions/0001).
/// </summary>
public static class JsonBody
{
    /// <summary>The deepest nesting of objects and arrays.</summary>
    public const int MaximumDepth = 32;

    /// <summary>The limits of every JSON text that a client sends.</summary>
    public static readonly JsonDocumentOptions Options =
        new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>Reads the body and passes its root to a reader.</summary>
    /// <exception cref="RefusalException">
    /// 415: the body is not JSON in UTF-8; 413: it is too large; 400: it is empty, malformed or nested too deep.
    /// </exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, Func<BodyValue, T> read)
    {
        bool numbersAsText = ContentTypes.RequireJson(request);
        ReadOnlyMemory<byte> bytes = await ReadBytesAsync(request);
        using JsonDocument document = Parse(WithoutByteOrderMark(bytes));
        return read(new BodyValue(document.RootElement, Parent: "", Name: "", numbersAsText));
    }

    /// <summary>Reads the bytes of a body.</summary>
    /// <exception cref="RefusalException">413: the body is too large.</exception>
    /// <remarks>The array does not come from a pool, so that the secrets in it never reach another request.</remarks>
    public static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request)
    {
        // One byte above the limit shows that the body is too large.
        byte[] bytes = new byte[Math.Min(request.ContentLength ?? 4096, Limits.BodyBytes) + 1];
        int length = 0;
        while (await ReadAsync(request, bytes.AsMemory(length)) is > 0 and int read)
        {
            length += read;
            if (length > Limits.BodyBytes)
            {
                throw Refusal.BodyTooLarge();
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(2 * length, Limits.BodyBytes + 1));
            }
        }

        return bytes.AsMemory(0, length);
    }

    /// <summary>Reads the bytes of a body, which can be read again.</summary>
    /// <exception cref="RefusalException">413: the body is too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> PeekBytesAsync(HttpRequest request)
    {
        ReadOnlyMemory<byte> body = await ReadBytesAsync(request);
        request.Body = new MemoryStream(body.ToArray(), writable: false);
        return body;
    }

    /// <summary>Removes the byte order mark that some clients send from a text in UTF-8.</summary>
    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json) =>
        json.Span is [0xEF, 0xBB, 0xBF, ..] ? json[3..] : json;

    private static async Task<int> ReadAsync(HttpRequest request, Memory<byte> buffer)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // The chunks of the body are malformed, or the client is gone.
            throw new BadHttpRequestException("The body cannot be read.", exception);
        }
    }

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
            // The exception's message can quote the body.
            throw (exception.LineNumber, exception.BytePositionInLine) switch
            {
                ({ } line, { } position) when !IsTooDeep(json.Span) => Refusal.MalformedJson(line + 1, position + 1),
                ({ }, { }) => Refusal.NestedTooDeep(MaximumDepth),
                _ => Refusal.RepeatedMember(),
            };
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json decodes names to find repeated members, and a name has escapes that are not Unicode.
            throw Refusal.UnreadableText();
        }
    }

    private static bool IsTooDeep(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaximumDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == MaximumDepth
                    && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // The text is malformed before it nests too deep.
        }

        return false;
    }
}

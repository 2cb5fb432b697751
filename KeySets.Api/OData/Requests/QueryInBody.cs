using System.Net.Mime;
using System.Text;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Query;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// Reads the options of <c>POST …/$query</c> (OData URL Conventions, Passing Query Options in the Request Body). The
/// parser of ASP.NET Core OData reads bodies of any length, before the client is authenticated.
/// </summary>
public sealed class QueryInBody : IODataQueryRequestParser
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc />
    public bool CanParse(HttpRequest request) => ContentTypes.IsPlainUtf8(request, MediaTypeNames.Text.Plain, out _);

    /// <inheritdoc />
    /// <exception cref="RefusalException">400: the query is too long, or is not UTF-8.</exception>
    public async Task<string> ParseAsync(HttpRequest request)
    {
        // One byte above the limit shows that the query is too long.
        byte[] bytes = new byte[SystemQueryOptions.LongestQuery + 1];
        int length = await request.Body.ReadAtLeastAsync(
            bytes, bytes.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return length < bytes.Length
            ? Decode(bytes.AsSpan(0, length)).TrimStart('\uFEFF').Trim()
            : throw Refusal.QueryTooLong(SystemQueryOptions.LongestQuery);
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Refusal.UnreadableText();
        }
    }
}

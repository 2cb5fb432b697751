using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using KeySets.Api.Refusals;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Requests;

/// <summary>Content-Type and Content-Encoding of a request.</summary>
public static class ContentTypes
{
    /// <summary>Requires a body of JSON in UTF-8.</summary>
    /// <returns>
    /// Whether the client may send 64-bit numbers as text: the format parameter IEEE754Compatible=true (OData JSON
    /// section 3.2).
    /// </returns>
    /// <exception cref="RefusalException">415: the body is of another type, charset or encoding.</exception>
    public static bool RequireJson(HttpRequest request)
    {
        if (!IsPlainUtf8(request, MediaTypeNames.Application.Json, out MediaTypeHeaderValue? type))
        {
            throw Refusal.UnsupportedMediaType();
        }

        return type.Parameters.Any(parameter =>
            parameter.Name.Equals("IEEE754Compatible", StringComparison.OrdinalIgnoreCase)
            && HeaderUtilities.RemoveQuotes(parameter.Value).Equals("true", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the body has a media type, is in UTF-8, and is not encoded.</summary>
    public static bool IsPlainUtf8(
        HttpRequest request, string mediaType, [NotNullWhen(true)] out MediaTypeHeaderValue? type) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && IsPlain(request);

    /// <summary>Whether the body is not encoded: the service supports no Content-Encoding.</summary>
    public static bool IsPlain(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0
        || "identity".Equals(request.Headers.ContentEncoding, StringComparison.OrdinalIgnoreCase);
}

using System.Net.Mime;
using System.Text;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Query;

/// <summary>
/// Reads the options of <c>POST …/$query</c> (OData Protocol section 11.2.11). The library's own parser reads bodies of any length, and
/// it does so before it is known who sends them.
/// </summary>
public sealed class QueryInBody : IODataQueryRequestParser
{
    /// <inheritdoc />
    public bool CanParse(HttpRequest request) => MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
        && type.MediaType.Equals(MediaTypeNames.Text.Plain, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    /// <exception cref="RefusalException">400: the query is too long.</exception>
    public async Task<string> ParseAsync(HttpRequest request)
    {
        // One byte more than the limit tells whether there is one.
        byte[] bytes = new byte[SystemQueryOptions.LongestQuery + 1];
        int length = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return length < bytes.Length
            ? Encoding.UTF8.GetString(bytes, 0, length).Trim()
            : throw Refusal.QueryTooLong(SystemQueryOptions.LongestQuery);
    }
}

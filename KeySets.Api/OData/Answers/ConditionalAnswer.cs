using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Answers;

/// <summary>Conditional reads (RFC 9110 section 13).</summary>
public static class ConditionalAnswer
{
    /// <summary>Adds the entity tag to the answer, and answers with 304 if the client has the resource.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tag">The entity tag of the resource.</param>
    /// <returns>Whether the request is answered.</returns>
    /// <exception cref="RefusalException">
    /// 400: a header is malformed; 412: the tag is none that If-Match asks for.
    /// </exception>
    public static bool IsNotModified(HttpContext context, string tag)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isNotModified = (headers.IfMatch.Count > 0 || headers.IfNoneMatch.Count > 0)
            && new Preconditions(headers).IsNotModified(EntityTagHeaderValue.Parse(tag));
        context.Response.Headers.ETag = tag;
        if (isNotModified)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }

        return isNotModified;
    }
}

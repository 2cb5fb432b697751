using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// A formatter of the library that leaves no trace where it cannot write. The library's own narrows the content type before it
/// looks at what is to be written, and MVC shows the next one what is left: then <c>Accept: application/json</c> for
/// <c>$metadata</c> would be 406.
/// </summary>
public sealed class BufferedFormatter(ODataOutputFormatter formatter) : IOutputFormatter
{
    /// <summary>Whether it writes $metadata, and that only.</summary>
    public bool IsForMetadata { get; } = formatter.SupportedMediaTypes.Contains("application/xml");

    /// <inheritdoc />
    public bool CanWriteResult(OutputFormatterCanWriteContext context)
    {
        StringSegment contentType = context.ContentType;
        if (formatter.CanWriteResult(context))
        {
            return true;
        }

        context.ContentType = contentType;
        return false;
    }

    /// <inheritdoc />
    /// <remarks>
    /// Written in full before the first byte is sent: what fails meanwhile is an error of its own, never a 200 that is cut off. The
    /// length is known then, so that the client can tell too, and HEAD shows it.
    /// </remarks>
    public async Task WriteAsync(OutputFormatterWriteContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        Stream body = response.Body;
        await using MemoryStream buffer = new();
        try
        {
            response.Body = buffer;
            await formatter.WriteAsync(context);
        }
        finally
        {
            response.Body = body;
        }

        response.ContentLength = buffer.Length;
        await body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.HttpContext.RequestAborted);
    }

    /// <summary>Whether the $format of the request is one of the formatter's.</summary>
    public bool Matches(HttpRequest request) => formatter.MediaTypeMappings.Any(mapping => mapping.TryMatchMediaType(request) > 0);
}

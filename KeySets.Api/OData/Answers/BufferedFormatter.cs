using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// Wraps a formatter of ASP.NET Core OData so that it changes nothing if it cannot write. The original narrows the
/// content type before it looks at the value, and MVC passes the narrowed type to the next formatter:
/// <c>Accept: application/json</c> for <c>$metadata</c> would be 406.
/// </summary>
public sealed class BufferedFormatter(ODataOutputFormatter formatter) : IOutputFormatter
{
    /// <summary>Whether it writes $metadata and nothing else.</summary>
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
    /// Writes the whole answer before it sends the first byte: a failure becomes an error answer, never a truncated
    /// 200. The answer has its length, so the client can tell that it is complete, and HEAD shows it.
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

    /// <summary>Whether the formatter knows the $format of the request.</summary>
    public bool Matches(HttpRequest request) =>
        formatter.MediaTypeMappings.Any(mapping => mapping.TryMatchMediaType(request) > 0);
}

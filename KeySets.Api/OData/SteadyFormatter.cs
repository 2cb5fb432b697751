using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.OData;

/// <summary>
/// A formatter of the library that leaves no trace where it cannot write. The library's own narrows the content type before it
/// looks at what is to be written, and MVC shows the next one what is left: then <c>Accept: application/json</c> for
/// <c>$metadata</c> would be 406.
/// </summary>
public sealed class SteadyFormatter(ODataOutputFormatter formatter) : IOutputFormatter
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
    public Task WriteAsync(OutputFormatterWriteContext context) => formatter.WriteAsync(context);

    /// <summary>Whether the $format of the request is one of the formatter's.</summary>
    public bool Matches(HttpRequest request) => formatter.MediaTypeMappings.Any(mapping => mapping.TryMatchMediaType(request) > 0);
}

using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// Refuses a $format that no formatter can write, before the action runs. ASP.NET Core OData would ignore it and use
/// the Accept header.
/// </summary>
public sealed class FormatOptionFilter(IOptions<MvcOptions> options) : IResourceFilter
{
    /// <inheritdoc />
    /// <exception cref="RefusalException">406: the format cannot be written.</exception>
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        HttpRequest request = context.HttpContext.Request;
        if (ProtocolChecks.IsOData(context.HttpContext)
            && request.Query.ContainsKey(SystemQueryOptions.Format)
            && !IsKnown(request))
        {
            throw Refusal.NotAcceptable(SystemQueryOptions.Format);
        }
    }

    /// <inheritdoc />
    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }

    private bool IsKnown(HttpRequest request)
    {
        bool isMetadata = request.ODataFeature().Path.LastSegment is MetadataSegment;
        return options.Value.OutputFormatters.OfType<BufferedFormatter>()
            .Any(formatter => formatter.IsForMetadata == isMetadata && formatter.Matches(request));
    }
}

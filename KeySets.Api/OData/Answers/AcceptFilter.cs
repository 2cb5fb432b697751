using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// Selects the formatter of the answer before the action runs, for actions that store something or set headers of their
/// own. MVC selects it only after the action: a client could get 406 although its keys are stored.
/// </summary>
public sealed class AcceptFilter(OutputFormatterSelector selector, IHttpResponseStreamWriterFactory writers)
    : IResourceFilter
{
    // Not null: one of MVC's formatters writes null in any format.
    private static readonly TrustFrameworkKeySet AnySet = new();

    /// <inheritdoc />
    /// <exception cref="RefusalException">406: no formatter can write a media type that the client accepts.</exception>
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        OutputFormatterWriteContext answer =
            new(context.HttpContext, writers.CreateWriter, typeof(TrustFrameworkKeySet), AnySet);
        if (selector.SelectFormatter(answer, [], []) is null)
        {
            throw Refusal.NotAcceptable();
        }
    }

    /// <inheritdoc />
    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}

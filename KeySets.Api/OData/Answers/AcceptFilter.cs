using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace KeySets.Api.OData.Answers;

/// <summary>
/// Selects the formatter of the answer before the action runs, for an action that stores something or sets headers of its own.
/// MVC selects it only afterwards, when a client that is told 406 would already have stored its keys.
/// </summary>
public sealed class AcceptFilter(OutputFormatterSelector selector, IHttpResponseStreamWriterFactory writers) : IResourceFilter
{
    // Not null: MVC has a formatter that writes null in any format.
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

using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// For an action that stores, or sets headers of its own, and answers with a key set or a key: asks for the formatter of the answer
/// before the action is run. MVC asks only afterwards, when a client that is told 406 would already have stored its keys.
/// </summary>
public sealed class AcceptFilter(OutputFormatterSelector selector, IHttpResponseStreamWriterFactory writers) : IResourceFilter
{
    // No null: MVC has a formatter that would write nothing in any format.
    private static readonly TrustFrameworkKeySet AnySet = new();

    /// <inheritdoc />
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        OutputFormatterWriteContext answer = new(context.HttpContext, writers.CreateWriter, typeof(TrustFrameworkKeySet), AnySet);
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

using Microsoft.AspNetCore.Authorization;

namespace KeySets.Api.Hosting.Access;

/// <summary>The place of <see cref="ValidatedTokens"/> in the pipeline.</summary>
public static class RememberedTokensMiddleware
{
    /// <summary>
    /// Runs an endpoint that is selected this early, if it is for everybody, or if the token of the request is
    /// remembered and has its permission. The other requests go on to authentication and authorization, which answer
    /// those that they refuse.
    /// </summary>
    public static void UseRememberedTokens(this WebApplication app)
    {
        ValidatedTokens tokens = app.Services.GetRequiredService<ValidatedTokens>();
        app.Use((context, next) => context.GetEndpoint() switch
        {
            null => next(context),
            { Metadata: var metadata } endpoint when metadata.GetMetadata<IAllowAnonymous>() is not null =>
                endpoint.RequestDelegate!(context),
            { } endpoint => RunAsync(tokens, context, endpoint, next),
        });
    }

    private static async Task RunAsync(
        ValidatedTokens tokens, HttpContext context, Endpoint endpoint, RequestDelegate next)
    {
        if (endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>() is [{ Policy: { } permission }]
            && await tokens.FindAsync(context.Request) is { } ticket
            && Policies.RequirementOf(permission)?.IsMetBy(ticket.Principal) is true)
        {
            context.User = ticket.Principal;
            await endpoint.RequestDelegate!(context);
        }
        else
        {
            await next(context);
        }
    }
}

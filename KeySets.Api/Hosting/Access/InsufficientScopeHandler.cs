using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace KeySets.Api.Hosting.Access;

/// <summary>Tells the client which permission its token lacks (RFC 6750 section 3.1).</summary>
public sealed class InsufficientScopeHandler : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    /// <inheritdoc />
    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.AuthorizationFailure?.FailedRequirements
            .OfType<PermissionRequirement>()
            .FirstOrDefault() is { } missing)
        {
            context.Response.Headers.WWWAuthenticate =
                $"Bearer error=\"insufficient_scope\", scope=\"{missing.Permission}\"";
        }

        return _default.HandleAsync(next, context, policy, authorizeResult);
    }
}

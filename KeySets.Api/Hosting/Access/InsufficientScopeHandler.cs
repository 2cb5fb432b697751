using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Requests;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace KeySets.Api.Hosting.Access;

/// <summary>
/// Tells the client which permission its token lacks (RFC 6750 section 3.1), and records that it was refused.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class InsufficientScopeHandler(TimeProvider time) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    /// <inheritdoc />
    public async Task HandleAsync(
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
            await context.RequestServices.GetRequiredService<DeniedRequests>()
                .RecordAsync(Denied(context, missing.Permission));
        }

        await _default.HandleAsync(next, context, policy, authorizeResult);
    }

    private AuditEvent Denied(HttpContext context, string permission)
    {
        string operation = permission switch
        {
            Permissions.Read => AuditOperations.Read,
            Permissions.ReadAudit => AuditOperations.ReadAudit,
            _ => AuditOperations.Write,
        };
        // Before its checks, a URL can hold anything. What cannot be an id is about no set.
        string id = InUrl(context, "id");
        string? kid = KeyAddress.Decode(InUrl(context, "kid"));
        return Authors.Of(context.Request).Event(
            operation,
            KeySetIds.IsValid(id) ? id : "",
            kid is null ? [] : [Authors.Printable(kid)],
            time,
            AuditResults.Denied);
    }

    private static string InUrl(HttpContext context, string name) => $"{context.GetRouteValue(name)}".Trim('\'');
}

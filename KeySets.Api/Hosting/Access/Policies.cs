using KeySets.Model;
using Microsoft.AspNetCore.Authorization;

namespace KeySets.Api.Hosting.Access;

/// <summary>The setup of authorization: one policy per permission, with the same name.</summary>
public static class Policies
{
    /// <summary>Adds the policies. An endpoint without a policy still needs a valid token.</summary>
    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .AddPolicy(Permissions.Read, policy => policy.AddRequirements(
                new PermissionRequirement(Permissions.Read, [Permissions.Read, Permissions.ReadWrite])))
            .AddPolicy(Permissions.ReadWrite, policy => policy.AddRequirements(
                new PermissionRequirement(Permissions.ReadWrite, [Permissions.ReadWrite])))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, InsufficientScopeHandler>();
    }
}

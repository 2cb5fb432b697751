using KeySets.Model;
using Microsoft.AspNetCore.Authorization;

namespace KeySets.Api.Hosting.Access;

/// <summary>The setup of authorization: one policy per permission, with the same name.</summary>
public static class Policies
{
    private static readonly PermissionRequirement[] Requirements =
    [
        new(Permissions.Read, [Permissions.Read, Permissions.ReadWrite]),
        new(Permissions.ReadWrite, [Permissions.ReadWrite]),
        new(Permissions.ReadAudit, [Permissions.ReadAudit]),
    ];

    /// <summary>Adds the policies. An endpoint without a policy still needs a valid token.</summary>
    public static void AddPolicies(this IServiceCollection services)
    {
        AuthorizationBuilder authorization = services.AddAuthorizationBuilder();
        foreach (PermissionRequirement requirement in Requirements)
        {
            authorization.AddPolicy(requirement.Permission, policy => policy.AddRequirements(requirement));
        }

        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, InsufficientScopeHandler>();
    }

    /// <summary>What the policy of a permission requires; null if it is no permission.</summary>
    public static PermissionRequirement? RequirementOf(string permission) =>
        Array.Find(Requirements, requirement => requirement.Permission == permission);
}

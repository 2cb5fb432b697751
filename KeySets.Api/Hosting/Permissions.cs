using Microsoft.AspNetCore.Authorization;

namespace KeySets.Api.Hosting;

/// <summary>The permissions of the API; each is also the name of the policy that demands it.</summary>
public static class Permissions
{
    /// <summary>Reads key sets.</summary>
    public const string Read = "TrustFrameworkKeySet.Read.All";

    /// <summary>Reads and changes key sets.</summary>
    public const string ReadWrite = "TrustFrameworkKeySet.ReadWrite.All";

    /// <summary>Adds the policies. What has none of them still needs a valid token.</summary>
    public static void AddPermissions(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .AddPolicy(Read, policy => policy.AddRequirements(new PermissionRequirement(Read, [Read, ReadWrite])))
            .AddPolicy(ReadWrite, policy => policy.AddRequirements(new PermissionRequirement(ReadWrite, [ReadWrite])))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, InsufficientScopeHandler>();
    }
}

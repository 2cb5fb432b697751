using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace KeySets.Api.Hosting.Access;

/// <summary>Requires a token that carries a permission.</summary>
/// <param name="permission">The least permission that is sufficient, for the answer to a client that lacks it.</param>
/// <param name="sufficient">Every permission that is sufficient.</param>
public sealed class PermissionRequirement(string permission, IReadOnlyCollection<string> sufficient)
    : AuthorizationHandler<PermissionRequirement>, IAuthorizationRequirement
{
    // Entra ID writes scp for a person and roles for an application. RFC 9068 section 2.2.3 and dotnet user-jwts write
    // scope.
    private static readonly string[] ClaimTypes = ["scp", "scope", "roles"];

    /// <summary>The least permission that is sufficient.</summary>
    public string Permission => permission;

    /// <summary>Every permission that is sufficient.</summary>
    public IReadOnlyCollection<string> Sufficient => sufficient;

    /// <inheritdoc />
    /// <remarks>ASP.NET Core calls it for every requirement of the policy, not for this one alone.</remarks>
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        foreach (Claim claim in context.User.Claims)
        {
            if (ClaimTypes.Contains(claim.Type) && HasAny(claim.Value, requirement.Sufficient))
            {
                context.Succeed(requirement);
                break;
            }
        }

        return Task.CompletedTask;
    }

    private static bool HasAny(ReadOnlySpan<char> permissions, IReadOnlyCollection<string> sufficient)
    {
        foreach (Range one in permissions.Split(' '))
        {
            foreach (string permission in sufficient)
            {
                if (permissions[one].SequenceEqual(permission))
                {
                    return true;
                }
            }
        }

        return false;
    }
}

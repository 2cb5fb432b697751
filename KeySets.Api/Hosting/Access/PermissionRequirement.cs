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

    /// <summary>Whether a user has a permission that is sufficient.</summary>
    public bool IsMetBy(ClaimsPrincipal user)
    {
        foreach (Claim claim in user.Claims)
        {
            if (ClaimTypes.Contains(claim.Type) && HasAny(claim.Value))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc />
    /// <remarks>ASP.NET Core calls it for every requirement of the policy, not for this one alone.</remarks>
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (requirement.IsMetBy(context.User))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private bool HasAny(ReadOnlySpan<char> permissions)
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

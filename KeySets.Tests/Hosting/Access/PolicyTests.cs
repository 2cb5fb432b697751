using System.Security.Claims;
using KeySets.Api.Hosting.Access;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Hosting.Access;

/// <summary>The policies of an endpoint that demands several.</summary>
public sealed class PolicyTests
{
    [TestCase(Permissions.Read, false)]
    [TestCase(Permissions.ReadWrite, true)]
    public async Task Demand_both_of_two_permissions_on_one_endpoint(string permission, bool allowed)
    {
        await using ServiceProvider services = Services();
        IAuthorizationPolicyProvider policies = services.GetRequiredService<IAuthorizationPolicyProvider>();
        AuthorizationPolicy? policy = await AuthorizationPolicy.CombineAsync(
            policies, [new AuthorizeAttribute(Permissions.Read), new AuthorizeAttribute(Permissions.ReadWrite)]);
        ClaimsPrincipal user = new(new ClaimsIdentity([new Claim("scp", permission)], "test"));

        AuthorizationResult result = await services
            .GetRequiredService<IAuthorizationService>()
            .AuthorizeAsync(user, resource: null, policy!);

        Assert.That(result.Succeeded, Is.EqualTo(allowed));
    }

    private static ServiceProvider Services()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddPolicies();
        return services.BuildServiceProvider();
    }
}

using KeySets.Api.Data.Sealing;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>Checks that the key ring is stored, and that it opens what it seals.</summary>
public sealed class KeyRingHealthCheck(PrivateMembersProtector protector, KeyRing stored, IKeyManager keyRing)
    : IHealthCheck
{
    /// <inheritdoc />
    /// <remarks>
    /// ASP.NET Core reports an exception as unhealthy. Data Protection uses the clock of the system, even if a test
    /// gives the service another clock.
    /// </remarks>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(TimeProvider.System.GetUtcNow()));

    private HealthCheckResult Check(DateTimeOffset now)
    {
        if (stored.Fault is { } fault)
        {
            return HealthCheckResult.Unhealthy(fault);
        }

        if (!stored.Exists || !keyRing.GetAllKeys().Any(key => IsValid(key, now)))
        {
            return HealthCheckResult.Unhealthy("The stored key ring has no key that is valid now.");
        }

        PrivateMembers probe = new("probe", null, null, null, null, null, null);
        return protector.Unseal("probe", "probe", protector.Seal("probe", "probe", probe)) == probe
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The key ring does not open what it sealed.");
    }

    private static bool IsValid(IKey key, DateTimeOffset now) =>
        !key.IsRevoked && key.ActivationDate <= now && now < key.ExpirationDate;
}

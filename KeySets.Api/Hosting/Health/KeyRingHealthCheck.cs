using KeySets.Api.Data.Sealing;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>Looks for the key ring where it is stored, and seals and unseals with it.</summary>
public sealed class KeyRingHealthCheck(PrivateMembersProtector protector, KeyRing stored, IKeyManager keyRing) : IHealthCheck
{
    /// <inheritdoc />
    /// <remarks>What throws is unhealthy. Data Protection goes by the clock of the system, whatever clock the service has in a test.</remarks>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(TimeProvider.System.GetUtcNow()));

    private HealthCheckResult Check(DateTimeOffset now)
    {
        if (!stored.Exists || !keyRing.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now && now < key.ExpirationDate))
        {
            return HealthCheckResult.Unhealthy("The stored key ring has no key that is valid now.");
        }

        PrivateMembers probe = new("probe", null, null, null, null, null, null);
        return protector.Unseal("probe", "probe", protector.Seal("probe", "probe", probe)) == probe
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The key ring does not open what it sealed.");
    }
}

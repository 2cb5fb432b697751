using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting;

/// <summary>Reads the database, looks for the key ring where it is stored, and seals and unseals with it.</summary>
public sealed class StorageHealthCheck(KeySetsDbContext database, PrivateMembersProtector protector, IKeyManager keyRing) : IHealthCheck
{
    /// <inheritdoc />
    /// <remarks>What throws is unhealthy.</remarks>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await database.Set<TrustFrameworkKeySet>().AnyAsync(cancellationToken);

        // Data Protection goes on with the ring that it has in memory when the stored one is lost, and seals what nobody can
        // open after a restart. It goes by the clock of the system, whatever clock the service has in a test.
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (!keyRing.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now && now < key.ExpirationDate))
        {
            return HealthCheckResult.Unhealthy("The stored key ring has no key that is valid now.");
        }

        PrivateMembers probe = new("probe", null, null, null, null, null, null);
        return protector.Unseal("probe", "probe", protector.Seal("probe", "probe", probe)) == probe
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The key ring does not open what it sealed.");
    }
}

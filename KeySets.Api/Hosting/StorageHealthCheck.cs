using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting;

/// <summary>Reads the database, and seals and unseals with the key ring.</summary>
public sealed class StorageHealthCheck(KeySetsDbContext database, PrivateMembersProtector protector) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        // A check that throws is unhealthy.
        await database.Set<TrustFrameworkKeySet>().AnyAsync(cancellationToken);
        PrivateMembers probe = new("probe", null, null, null, null, null, null);
        return protector.Unseal("probe", "probe", protector.Seal("probe", "probe", probe)) == probe
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The key ring does not open what it sealed.");
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>Checks how much space is free on the disk of the database.</summary>
/// <param name="folder">The folder of the database.</param>
/// <param name="leastFree">The least number of free bytes with which the service is ready.</param>
public sealed class DiskHealthCheck(string folder, long leastFree) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        long free = new DriveInfo(folder).AvailableFreeSpace;
        return Task.FromResult(free >= leastFree
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"{free} bytes are free for the database, less than {leastFree}."));
    }
}

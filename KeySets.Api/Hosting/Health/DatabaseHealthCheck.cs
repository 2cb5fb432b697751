using KeySets.Api.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>Checks the database, by a read and by a durable commit.</summary>
public sealed class DatabaseHealthCheck(Database database) : IHealthCheck
{
    /// <inheritdoc />
    /// <remarks>ASP.NET Core reports an exception as unhealthy.</remarks>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await database.CheckHealthAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}

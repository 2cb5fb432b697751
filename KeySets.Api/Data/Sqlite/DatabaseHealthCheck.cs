using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Data.Sqlite;

/// <summary>Reads the database, and commits to it as every write does: a change of nothing, but durable.</summary>
public sealed class DatabaseHealthCheck(IDbContextFactory<KeySetsDbContext> contexts, WriteQueue writes) : IHealthCheck
{
    /// <inheritdoc />
    /// <remarks>What throws is unhealthy.</remarks>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using KeySetsDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Set<TrustFrameworkKeySet>().AnyAsync(cancellationToken);
        await writes.RunAsync(queued => queued.Database.ExecuteSqlAsync($"PRAGMA user_version = 0", CancellationToken.None));
        return HealthCheckResult.Healthy();
    }
}

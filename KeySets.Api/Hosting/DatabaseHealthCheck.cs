using System.Diagnostics;
using KeySets.Api.Data;
using KeySets.Api.Data.Sqlite;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting;

/// <summary>Reads the database, and commits to it as every write does.</summary>
/// <remarks>
/// The commit changes nothing but costs the disk a sync, and everybody can ask for it: one that succeeded is good for a second.
/// </remarks>
public sealed class DatabaseHealthCheck(IDbContextFactory<KeySetsDbContext> contexts, WriteQueue writes) : IHealthCheck
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private long _committed = long.MinValue;

    /// <inheritdoc />
    /// <remarks>What throws is unhealthy.</remarks>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using KeySetsDbContext database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Set<TrustFrameworkKeySet>().AnyAsync(cancellationToken);
        if (!SqliteDatabase.IsThere(database.Database.GetDbConnection()))
        {
            return HealthCheckResult.Unhealthy("The file of the database is gone.");
        }

        if (_committed == long.MinValue || Stopwatch.GetElapsedTime(_committed) > Freshness)
        {
            await writes.RunAsync(queued => queued.Database.ExecuteSqlAsync($"PRAGMA user_version = 0", CancellationToken.None));
            _committed = Stopwatch.GetTimestamp();
        }

        return HealthCheckResult.Healthy();
    }
}

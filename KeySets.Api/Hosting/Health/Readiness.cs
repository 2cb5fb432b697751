using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>
/// Whether the service can do its work. To find out costs the disk a sync, and everybody can ask: who asks at the same time shares one
/// answer, and a good one is good for a second.
/// </summary>
public sealed class Readiness(HealthCheckService checks)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _asking;
    private HealthReport? _good;
    private long _goodSince;

    /// <summary>Asks all checks, or takes their last report.</summary>
    public Task<HealthReport> AskAsync()
    {
        lock (_lock)
        {
            if (_asking is { IsCompleted: false })
            {
                return _asking;
            }

            return _good is not null && Stopwatch.GetElapsedTime(_goodSince) < Freshness
                ? Task.FromResult(_good)
                : _asking = CheckAsync();
        }
    }

    private async Task<HealthReport> CheckAsync()
    {
        long since = Stopwatch.GetTimestamp();
        HealthReport report = await checks.CheckHealthAsync();
        lock (_lock)
        {
            (_good, _goodSince) = (report.Status == HealthStatus.Healthy ? report : null, since);
        }

        return report;
    }
}

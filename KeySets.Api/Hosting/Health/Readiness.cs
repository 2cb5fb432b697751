using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>
/// Whether the service can do its work. A check costs the disk a sync, and anybody can ask for one. So simultaneous
/// requests share one report, and a good report is used again for a second.
/// </summary>
public sealed class Readiness(HealthCheckService checks)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _running;
    private HealthReport? _good;
    private long _goodSince;

    /// <summary>Runs all checks, or returns their last report.</summary>
    public Task<HealthReport> CheckAsync()
    {
        lock (_lock)
        {
            if (_running is { IsCompleted: false })
            {
                return _running;
            }

            return _good is not null && Stopwatch.GetElapsedTime(_goodSince) < Freshness
                ? Task.FromResult(_good)
                : _running = RunAsync();
        }
    }

    private async Task<HealthReport> RunAsync()
    {
        long since = Stopwatch.GetTimestamp();
        HealthReport report = await checks.CheckHealthAsync();
        lock (_lock)
        {
            (_good, _goodSince) = (report.Status == HealthStatus.Unhealthy ? null : report, since);
        }

        return report;
    }
}

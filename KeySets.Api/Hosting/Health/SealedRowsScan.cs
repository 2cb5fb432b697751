using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Capacity;
using KeySets.Api.Data.Sealing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KeySets.Api.Hosting.Health;

/// <summary>
/// Opens every sealed row once, after the start: with many rows it takes a while, and nothing waits for it.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="keyRing">The ring that opens them. If it opens none, there is nothing to look for.</param>
/// <param name="lifetime">Tells when the service has started.</param>
/// <param name="logger">Tells of a failure.</param>
public sealed partial class SealedRowsScan(
    SealedRows rows, KeyRing keyRing, IHostApplicationLifetime lifetime, ILogger<SealedRowsScan> logger)
    : BackgroundService, IHealthCheck
{
    /// <summary>The name of the check.</summary>
    public const string Name = "sealed rows";

    /// <inheritdoc />
    /// <remarks>
    /// Keys that do not open leave the service ready: it serves all other keys, and the public parts.
    /// </remarks>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(rows.AreWhole ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());

    /// <inheritdoc />
    [SuppressMessage(
        "Design", "CA1031", Justification = "An exception that leaves a background service stops the whole service.")]
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            if (keyRing.Fault is null)
            {
                await OwnThread.RunAsync(() => rows.ScanAsync(stoppingToken), givesWay: true);
            }
        }
        catch (Exception exception)
        {
            if (!stoppingToken.IsCancellationRequested)
            {
                LogStopped(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The sealed rows could not all be opened after the start. {Reason}")]
    private static partial void LogStopped(ILogger logger, string reason);
}

using System.Data.Common;
using KeySets.Api.Data;
using KeySets.Api.Data.Audit;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.Refusals;

namespace KeySets.Api.Hosting;

/// <summary>
/// What the service does from time to time: it forgets the answers to repeatable requests that are too old to come
/// again, makes checkpoints of audit events, and removes those that are older than they are kept.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="audit">Looks after the audit events.</param>
/// <param name="configuration">The settings.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Tells of a failure.</param>
public sealed partial class Upkeep(
    Database database, AuditUpkeep audit, IConfiguration configuration, TimeProvider time, ILogger<Upkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>How long audit events are kept; null for ever.</summary>
    /// <exception cref="StartupException">The setting is no number of days.</exception>
    public static TimeSpan? RetentionOf(IConfiguration configuration) => configuration["Audit:RetentionDays"] switch
    {
        null or "" => null,
        { } setting when int.TryParse(setting, out int days) && days is > 0 and <= 36500 => TimeSpan.FromDays(days),
        _ => throw new StartupException("Audit:RetentionDays is not a number of days, from 1 to 36500."),
    };

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan? retention = RetentionOf(configuration);
        using PeriodicTimer timer = new(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync("Old answers to repeatable requests could not be deleted", ForgetAsync);
            await TryAsync("No checkpoint of audit events could be made", audit.MakeCheckpointsAsync);
            if (retention is { } kept)
            {
                await TryAsync("Old audit events could not be removed", () => audit.TrimAsync(kept));
            }
        }
    }

    private Task ForgetAsync() => database.WriteAsync(async rows =>
    {
        await rows.ForgetAsync(time.GetUtcNow() - RepeatableRequest.Retention);
        return true;
    });

    /// <remarks>What fails is done the next time.</remarks>
    private async Task TryAsync(string failure, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is RefusalException or DbException)
        {
            LogFailure(logger, failure, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Failure}. {Reason}")]
    private static partial void LogFailure(ILogger logger, string failure, string reason);
}

using System.Data.Common;
using KeySets.Api.Data;
using KeySets.Api.OData.Repeatability;
using KeySets.Api.Refusals;

namespace KeySets.Api.Hosting;

/// <summary>Deletes the answers to repeatable requests that are too old to come again.</summary>
/// <param name="database">The database.</param>
/// <param name="time">Tells how old they are.</param>
/// <param name="logger">Tells of a failure.</param>
public sealed partial class ForgottenAnswers(Database database, TimeProvider time, ILogger<ForgottenAnswers> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Pause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ForgetAsync();
            }
            catch (Exception exception) when (exception is RefusalException or DbException)
            {
                // They are deleted the next time.
                LogFailure(logger, exception.Message);
            }
        }
    }

    private Task<bool> ForgetAsync() => database.WriteAsync(async rows =>
    {
        await rows.ForgetAsync(time.GetUtcNow() - RepeatableRequest.Retention);
        return true;
    });

    [LoggerMessage(LogLevel.Warning, "Old answers to repeatable requests could not be deleted. {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}

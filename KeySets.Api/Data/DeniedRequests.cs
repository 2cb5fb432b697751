using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <summary>
/// Records the requests that are refused for lack of a permission: at once, or after the transaction of their batch
/// group, which may be undone.
/// </summary>
/// <param name="writes">The writes of the request.</param>
/// <param name="database">The database.</param>
/// <param name="logger">Tells of an event that could not be recorded.</param>
public sealed partial class DeniedRequests(WriteScope writes, Database database, ILogger<DeniedRequests> logger)
{
    /// <summary>Records a request. If that fails, the request is refused nevertheless, and the log says so.</summary>
    public Task RecordAsync(AuditEvent denied)
    {
        if (writes.Group is not { } group)
        {
            return TryRecordAsync(denied);
        }

        group.DoLater(() => TryRecordAsync(denied));
        return Task.CompletedTask;
    }

    private async Task TryRecordAsync(AuditEvent denied)
    {
        try
        {
            await database.RecordAsync(denied);
        }
        catch (RefusalException exception)
        {
            LogLost(logger, denied.RequestId, denied.Subject, denied.Application, denied.Request, exception.Message);
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "A request that lacks its permission could not be recorded as an audit event: request {Request} of subject "
        + "{Subject}, application {Application}: {Operation}. {Reason}")]
    private static partial void LogLost(
        ILogger logger, string request, string? subject, string? application, string operation, string reason);
}

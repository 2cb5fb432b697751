using System.Net.Sockets;
using KeySets.Api.Refusals;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// What failures of PostgreSQL mean to a client (https://www.postgresql.org/docs/current/errcodes-appendix.html).
/// </summary>
public static class PostgreSqlFailure
{
    /// <summary>
    /// The refusal of a request that the database could not serve; null if the service itself failed.
    /// </summary>
    public static RefusalException? RefusalOf(Exception exception) => Reason(exception) switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => Refusal.StorageFull(exception),
        PostgresException reason when IsBusy(reason.SqlState) || IsOfEvents(reason) => Refusal.StorageBusy(exception),
        PostgresException reason when IsAway(reason.SqlState) => Refusal.StorageUnreachable(exception),
        PostgresException reason when IsLost(reason.SqlState) => Refusal.StorageLost(exception),
        PostgresException => null,
        NpgsqlException { InnerException: TimeoutException } => Refusal.StorageBusy(exception),
        NpgsqlException => Refusal.StorageUnreachable(exception),
        _ => null,
    };

    /// <summary>
    /// Whether the same work may succeed soon. Whoever runs it again must know that it has changed nothing.
    /// </summary>
    public static bool IsPassing(Exception exception) =>
        exception is RefusalException { IsOfRace: true }
        || Reason(exception) switch
        {
            PostgresException reason => reason.SqlState is PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.DeadlockDetected || IsAway(reason.SqlState) || IsOfEvents(reason),
            // A timeout has taken as long as a client waits.
            NpgsqlException { InnerException: TimeoutException } => false,
            NpgsqlException => true,
            _ => false,
        };

    /// <summary>Whether a server is gone, or is no longer the primary. Other connections to it are of no use.</summary>
    public static bool IsOfServer(Exception exception) => Reason(exception) switch
    {
        PostgresException reason => IsAway(reason.SqlState),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Whether the server has undone the transaction. After any other failure it may be committed.</summary>
    public static bool IsUndone(Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR" } or RefusalException;

    /// <summary>
    /// Whether a failure is due to a single write of those that a statement makes: its values, or a lock that it waits
    /// for.
    /// </summary>
    public static bool IsOfOneWrite(Exception exception) =>
        exception is PostgresException { SqlState: var state }
        && (state == PostgresErrorCodes.LockNotAvailable || state[..2] is "22" or "23" or "54");

    /// <summary>Whether the server has ended a statement because of a limit.</summary>
    public static bool IsCanceled(Exception exception) =>
        Reason(exception) is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled };

    /// <remarks>Another transaction has added an event to the same chain meanwhile.</remarks>
    private static bool IsOfEvents(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.UniqueViolation
        && exception.ConstraintName == $"PK_{KeySetsDbContext.AuditEvents}";

    private static bool IsBusy(string state) => state is PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.QueryCanceled
        or PostgresErrorCodes.TooManyConnections
        or PostgresErrorCodes.OutOfMemory
        or PostgresErrorCodes.InsufficientResources
        or PostgresErrorCodes.ConfigurationLimitExceeded;

    // Class 08 are failures of connections; 57P01 to 57P05 say that the server goes down, comes up or ends a session.
    private static bool IsAway(string state) => state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal)
        || state == PostgresErrorCodes.ReadOnlySqlTransaction;

    // Classes 28: access; 3D and 3F: no such database or schema; 58: errors of the system; XX: corruption.
    private static bool IsLost(string state) => state[..2] is "28" or "3D" or "3F" or "58" or "XX"
        || state == PostgresErrorCodes.InsufficientPrivilege;

    private static Exception? Reason(Exception? exception) => exception switch
    {
        PostgresException => exception,
        // It says already what a failure means.
        RefusalException => null,
        AggregateException { InnerExceptions: var all } => all.Select(Reason).FirstOrDefault(one => one is not null),
        NpgsqlException { InnerException: AggregateException several } => Reason(several) ?? exception,
        NpgsqlException => exception,
        // Npgsql does not wrap all failures to connect.
        SocketException or IOException => new NpgsqlException(exception.Message, exception),
        null => null,
        _ => Reason(exception.InnerException),
    };
}

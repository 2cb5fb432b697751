using KeySets.Api.Refusals;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>What the result codes of SQLite mean to a client (https://www.sqlite.org/rescode.html).</summary>
public static class SqliteFailure
{
    /// <summary>
    /// The refusal of a request that the database could not serve; null if the service itself failed. Marks the file if
    /// one of its pages is damaged.
    /// </summary>
    public static RefusalException? RefusalOf(Exception exception, DatabaseFile? file) => Code(exception) switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged(exception, file),
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => Refusal.StorageBusy(exception),
        SQLitePCL.raw.SQLITE_FULL => Refusal.StorageFull(exception),
        SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_IOERR =>
            Refusal.StorageLost(exception),
        _ => null,
    };

    /// <summary>Whether another connection holds the database.</summary>
    public static bool IsBusy(Exception exception) => Code(exception) == SQLitePCL.raw.SQLITE_BUSY;

    /// <summary>Whether the disk, or the limit of the database, has no room.</summary>
    public static bool IsFull(Exception exception) => Code(exception) == SQLitePCL.raw.SQLITE_FULL;

    /// <summary>Whether the service has ended a query, because of a limit or because its client has gone.</summary>
    public static bool IsInterrupted(Exception exception) => Code(exception) == SQLitePCL.raw.SQLITE_INTERRUPT;

    private static RefusalException Damaged(Exception exception, DatabaseFile? file)
    {
        file?.MarkDamaged();
        return Refusal.StorageLost(exception);
    }

    // A refusal says already what a failure means.
    private static int? Code(Exception exception) => exception is RefusalException
        ? null
        : (exception as SqliteException ?? exception.InnerException as SqliteException)?.SqliteErrorCode;
}

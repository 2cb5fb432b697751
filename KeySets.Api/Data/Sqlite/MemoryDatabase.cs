using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// A database in memory, of one instance of the service: nobody else can open it, and with the instance it is gone. It lives as long as a
/// connection to it is open, so one is.
/// </summary>
/// <remarks>
/// By SQLite's own memdb file system, where connections wait for each other as they do at a file. With its shared cache, which
/// <c>Mode=Memory</c> stands for, they meet locks that cannot be waited for.
/// </remarks>
public sealed class MemoryDatabase : DbConnectionInterceptor, IDisposable
{
    private readonly SqliteConnection _open;

    /// <summary>Makes a database.</summary>
    /// <param name="settings">Settings of its connections; those of its place are replaced.</param>
    public MemoryDatabase(SqliteConnectionStringBuilder settings)
    {
        settings.DataSource = $"file:/{Guid.NewGuid()}?vfs=memdb";
        settings.Mode = SqliteOpenMode.ReadWriteCreate;
        settings.Cache = SqliteCacheMode.Default;
        _open = new SqliteConnection(settings.ConnectionString);
        _open.Open();
    }

    /// <summary>Whether a connection string asks for a database in memory.</summary>
    public static bool IsAskedFor(SqliteConnectionStringBuilder connection) =>
        connection.DataSource is ":memory:" || connection.Mode == SqliteOpenMode.Memory;

    /// <inheritdoc />
    /// <remarks>
    /// A writer keeps all others out until it commits. Microsoft.Data.Sqlite looks again every 150 ms, by which readers starve; SQLite itself
    /// looks again after one.
    /// </remarks>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => SetBusyTimeout((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SetBusyTimeout((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        SqliteConnection.ClearPool(_open);
        _open.Dispose();
    }

    private static void SetBusyTimeout(SqliteConnection connection) =>
        SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, 1000 * connection.DefaultTimeout);
}

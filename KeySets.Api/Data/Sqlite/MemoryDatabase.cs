using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// A database in memory that belongs to one instance of the service: no other can open it, and it is gone with the
/// instance. SQLite keeps it while a connection to it is open, so one stays open.
/// </summary>
/// <remarks>
/// It uses the memdb file system of SQLite, where connections wait for each other as they do at a file. In the shared
/// cache, which <c>Mode=Memory</c> stands for, they meet locks that they cannot wait for.
/// </remarks>
public sealed class MemoryDatabase : DbConnectionInterceptor, IDisposable
{
    private readonly SqliteConnection _open;

    /// <summary>Creates a database.</summary>
    /// <param name="settings">Settings of its connections. Its place and its mode are replaced.</param>
    public MemoryDatabase(SqliteConnectionStringBuilder settings)
    {
        SqliteConnectionStringBuilder connection = new(settings.ConnectionString)
        {
            DataSource = $"file:/{Guid.NewGuid()}?vfs=memdb",
            Mode = SqliteOpenMode.ReadWriteCreate,
            Cache = SqliteCacheMode.Default,
        };
        _open = new SqliteConnection(connection.ConnectionString);
        _open.Open();
    }

    /// <summary>What opens further connections to it.</summary>
    public string ConnectionString => _open.ConnectionString;

    /// <summary>Whether a connection string requests a database in memory.</summary>
    public static bool IsRequested(SqliteConnectionStringBuilder connection) =>
        connection.DataSource is ":memory:" || connection.Mode == SqliteOpenMode.Memory;

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        SetBusyTimeout((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        SetBusyTimeout((SqliteConnection)connection);
        return Task.CompletedTask;
    }

    /// <summary>Makes a connection wait as it should for a writer.</summary>
    /// <remarks>
    /// A writer keeps all readers out until it commits. Microsoft.Data.Sqlite would look again every 150 ms, and
    /// readers would starve; SQLite itself looks again after 1 ms.
    /// </remarks>
    public void SetBusyTimeout(SqliteConnection connection) =>
        SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, 1000 * connection.DefaultTimeout);

    /// <inheritdoc />
    public void Dispose()
    {
        SqliteConnection.ClearPool(_open);
        _open.Dispose();
    }
}

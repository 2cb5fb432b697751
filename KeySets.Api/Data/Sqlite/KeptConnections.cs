using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Connections that stay open. To open a connection and to prepare a statement takes longer than to read a set.
/// </summary>
/// <param name="settings">How to open the database.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
/// <param name="memory">The database in memory; null for a file.</param>
public sealed class KeptConnections(
    SqliteConnectionStringBuilder settings, DatabaseFile? file = null, MemoryDatabase? memory = null) : IDisposable
{
    // SQLite runs on the thread of its caller, so hardly more are ever in use at once.
    private static readonly int Most = 2 * Environment.ProcessorCount;

    private readonly ConcurrentBag<KeptConnection> _idle = [];

    /// <summary>The settings of the connections.</summary>
    /// <remarks>A pool would keep the file open after they are closed.</remarks>
    public SqliteConnectionStringBuilder Settings { get; } = new(settings.ConnectionString) { Pooling = false };

    /// <summary>Runs a read of rows on one of the connections.</summary>
    /// <param name="read">The read.</param>
    /// <param name="subject">What it reads.</param>
    public async ValueTask<T> RunAsync<TSubject, T>(Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject)
    {
        if (file is { IsMissed: true, IsThere: false })
        {
            // They could go on reading a file that was deleted or replaced.
            CloseIdle();
        }

        KeptConnection connection = _idle.TryTake(out KeptConnection? idle) ? idle : await OpenAsync();
        bool isSound = false;
        try
        {
            T result = await read(connection.Rows, subject);
            isSound = true;
            return result;
        }
        finally
        {
            if (isSound && _idle.Count < Most)
            {
                _idle.Add(connection);
            }
            else
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Opens a connection that the caller disposes of.</summary>
    public async Task<KeptConnection> OpenAsync()
    {
        KeptConnection kept = new(Settings.ConnectionString);
        try
        {
            await kept.Connection.OpenAsync();
            memory?.SetBusyTimeout(kept.Connection);
            return kept;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => CloseIdle();

    /// <summary>Closes the connections that nobody uses now.</summary>
    public void CloseIdle()
    {
        while (_idle.TryTake(out KeptConnection? connection))
        {
            connection.Dispose();
        }
    }
}

/// <summary>A connection that stays open, so that its statements stay prepared.</summary>
public sealed class KeptConnection : IDisposable
{
    /// <summary>Creates a connection, which is not open yet.</summary>
    public KeptConnection(string connectionString)
    {
        Connection = new SqliteConnection(connectionString);
        Statements = new PreparedStatements(Connection);
        Rows = new KeySetRows(Statements, SqliteSelect.Default);
    }

    /// <summary>The connection.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>Its statements.</summary>
    public PreparedStatements Statements { get; }

    /// <summary>Reads rows on it.</summary>
    public KeySetRows Rows { get; }

    /// <summary>The rows for one write.</summary>
    public KeySetRows ForWrite() => new(Statements, SqliteSelect.Default);

    /// <inheritdoc />
    public void Dispose() => Connection.Dispose();
}

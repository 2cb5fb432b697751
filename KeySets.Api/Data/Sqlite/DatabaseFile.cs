using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The file of the database, as the start found it. Who has a file open can write to it after it was deleted or replaced and never learns
/// of it, and who opens the one in its place mixes it with the log of the other. So one connection stays open that can tell.
/// </summary>
public sealed class DatabaseFile : IDisposable
{
    private const int FileControlHasMoved = 20;

    private SqliteConnection? _open;

    /// <summary>Whether the file is where it was, and its log too. A database in memory always is.</summary>
    /// <remarks>SQLite knows of the database whether it is the same file. Of the log only that there is one can be told.</remarks>
    public bool IsThere => _open is null || (!HasMoved(_open) && File.Exists($"{_open.DataSource}-wal"));

    /// <summary>Opens it, for as long as the service runs.</summary>
    /// <param name="connectionString">A connection to it.</param>
    public async Task OpenAsync(string connectionString)
    {
        _open = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await _open.OpenAsync();
        // The log is opened with the first read.
        await using SqliteCommand read = _open.CreateCommand();
        read.CommandText = "PRAGMA schema_version";
        await read.ExecuteScalarAsync();
    }

    /// <inheritdoc />
    public void Dispose() => _open?.Dispose();

    private static bool HasMoved(SqliteConnection connection) =>
        FileControl(connection.Handle!, "main", FileControlHasMoved, out int hasMoved) != SQLitePCL.raw.SQLITE_OK || hasMoved != 0;

    /// <summary><c>sqlite3_file_control</c> (https://www.sqlite.org/c3ref/file_control.html), which the packages do not offer.</summary>
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Generated marshalling would need unsafe code in the whole project.")]
    private static extern int FileControl(SafeHandle database, string name, int operation, out int result);
}

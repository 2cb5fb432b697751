using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The file of the database, as the start found it. A process that has the file open can go on writing to it after it
/// was deleted or replaced, and never learns of it; a process that opens a new file in its place mixes it with the log
/// of the old one. So one connection, which can tell, stays open.
/// </summary>
public sealed class DatabaseFile : IDisposable
{
    private const int FileControlHasMoved = 20;

    private SqliteConnection? _open;
    private CommitMark? _mark;
    private volatile bool _isDamaged;
    private volatile bool _isMissed;

    /// <summary>Whether a request has met a damaged page. It stays so until the service starts again.</summary>
    public bool IsDamaged => _isDamaged;

    /// <summary>Where the file is; empty before <see cref="OpenAsync"/>.</summary>
    public string Path => _open?.DataSource ?? "";

    /// <summary>Whether the file is still the one that was opened, and its log is there.</summary>
    /// <remarks>
    /// SQLite can tell that the database is the same file. Of the log it can only be told that there is one.
    /// </remarks>
    public bool IsThere
    {
        get
        {
            bool isThere = _open is null || (!HasMoved(_open) && File.Exists($"{_open.DataSource}-wal"));
            _isMissed = !isThere;
            return isThere;
        }
    }

    /// <summary>Whether the file was not there at the last look of a write or of the check of readiness.</summary>
    public bool IsMissed => _isMissed;

    /// <summary>Records that a page is damaged.</summary>
    public void MarkDamaged() => _isDamaged = true;

    /// <summary>Opens the file for as long as the service runs.</summary>
    /// <param name="connectionString">A connection to the database.</param>
    public async Task OpenAsync(string connectionString)
    {
        SqliteConnectionStringBuilder settings = new(connectionString) { Pooling = false };
        _open = new SqliteConnection(settings.ConnectionString);
        await _open.OpenAsync();
        // SQLite opens the log with the first read.
        await _open.RunPragmaAsync("schema_version");
        _mark = CommitMark.Open(_open.DataSource);
    }

    /// <summary>Records the number of a commit beside the file.</summary>
    public void Mark(int commit) => _mark?.Write(commit);

    /// <inheritdoc />
    public void Dispose()
    {
        _open?.Dispose();
        _mark?.Dispose();
    }

    private static bool HasMoved(SqliteConnection connection) =>
        FileControl(connection.Handle!, "main", FileControlHasMoved, out int hasMoved) != SQLitePCL.raw.SQLITE_OK
        || hasMoved != 0;

    /// <summary>
    /// <c>sqlite3_file_control</c> (https://www.sqlite.org/c3ref/file_control.html), which SQLitePCLRaw does not offer.
    /// </summary>
    [DllImport(
        "e_sqlite3",
        EntryPoint = "sqlite3_file_control",
        CharSet = CharSet.Ansi,
        BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressMessage(
        "Interoperability", "SYSLIB1054", Justification =
            "Generated marshalling would need unsafe code in the whole project.")]
    private static extern int FileControl(SafeHandle database, string name, int operation, out int result);
}

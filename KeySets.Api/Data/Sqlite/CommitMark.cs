using System.Buffers.Binary;
using System.Data.Common;
using Microsoft.Win32.SafeHandles;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The number of the last commit, in the database (<c>PRAGMA application_id</c>; earlier versions use
/// <c>user_version</c> for their readiness) and in a file beside it. If the file knows a later commit than the
/// database, acknowledged writes are gone: somebody has deleted the database, or the log of a service that was killed,
/// or has put an older copy in the place of the database.
/// </summary>
/// <remarks>
/// The file is written after the commit and not synced, so that it costs no time: after a power cut it may know fewer
/// commits than the database, but never more.
/// </remarks>
public sealed class CommitMark : IDisposable
{
    private readonly SafeFileHandle _file;

    private CommitMark(SafeFileHandle file) => _file = file;

    /// <summary>Opens the file beside a database, and makes it if there is none.</summary>
    public static CommitMark Open(string database) => new(
        File.OpenHandle(PathOf(database), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));

    /// <summary>Checks, before a database is created, that none has been there.</summary>
    /// <exception cref="InvalidOperationException">One has.</exception>
    public static void CheckFile(string database)
    {
        if (!File.Exists(database) && File.Exists(PathOf(database)))
        {
            throw Lacking(PathOf(database));
        }
    }

    /// <summary>Checks that no commit is missing from a database.</summary>
    /// <exception cref="InvalidOperationException">One is.</exception>
    public static async Task CheckAsync(DbConnection connection)
    {
        string path = PathOf(connection.DataSource);
        // The numbers go around after 2^31.
        if (File.Exists(path) && Read(path) is { } last && unchecked(last - await ReadAsync(connection)) > 0)
        {
            throw Lacking(path);
        }
    }

    /// <summary>Counts the commit of a transaction, within it.</summary>
    /// <returns>The number of the commit.</returns>
    public static async Task<int> CountAsync(DbConnection connection)
    {
        int number = unchecked(await ReadAsync(connection) + 1);
        await connection.RunPragmaAsync($"application_id = {number}");
        return number;
    }

    /// <summary>Writes the number of a commit into the file.</summary>
    public void Write(int number)
    {
        Span<byte> mark = stackalloc byte[2 * sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(mark, number);
        BinaryPrimitives.WriteInt32LittleEndian(mark[sizeof(int)..], ~number);
        try
        {
            RandomAccess.Write(_file, mark, fileOffset: 0);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The commit is on disk, perhaps the last one of a shutdown. The file knows an earlier one, which does no
            // harm.
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static string PathOf(string database) => $"{database}-mark";

    private static InvalidOperationException Lacking(string mark) => new(
        "It lacks writes that were acknowledged: the file or its log (-wal) was deleted, or it is an older copy. Put "
        + $"the file and its log back; or, to go on with what is there, delete {mark}.");

    /// <returns>The number; null if the file is not whole.</returns>
    private static int? Read(string path)
    {
        byte[] mark = File.ReadAllBytes(path);
        return mark.Length == 2 * sizeof(int)
            && BinaryPrimitives.ReadInt32LittleEndian(mark) is int number
            && BinaryPrimitives.ReadInt32LittleEndian(mark.AsSpan(sizeof(int))) == ~number ? number : null;
    }

    private static async Task<int> ReadAsync(DbConnection connection) =>
        (int)(long)(await connection.RunPragmaAsync("application_id"))!;
}

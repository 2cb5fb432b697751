using KeySets.Model;
using Microsoft.Data.Sqlite;

namespace KeySets.Tests.Support;

/// <summary>A SQLite file. A writer waits a second for another one.</summary>
public sealed class SqliteTestDatabase(TemporaryFolder folder) : TestDatabase
{
    /// <summary>The file.</summary>
    public string File => folder.File("keysets.db");

    /// <summary>The connection string of the file.</summary>
    public string ConnectionString => $"Data Source={File};Default Timeout=1";

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string> { ["ConnectionStrings:KeySets"] = ConnectionString };

    /// <summary>The SQLite file of a service.</summary>
    public static SqliteTestDatabase Of(KeySetsApplication application) => (SqliteTestDatabase)application.Database;

    /// <inheritdoc />
    public override byte[] ReadStored() =>
        [.. Directory.EnumerateFiles(folder.FullPath, "*", SearchOption.AllDirectories).SelectMany(Read)];

    /// <inheritdoc />
    public override Task<PrivateMembers?> PrivateMembersAsync(string id, string kid) =>
        SealedKeys.OpenAsync(File, SealedKeys.Protector(folder.File("key-ring")), id, kid);

    /// <inheritdoc />
    public override void Close()
    {
        // A pool belongs to the connection string that the service opens its connections with.
        SqliteConnectionStringBuilder settings = new(ConnectionString) { Mode = SqliteOpenMode.ReadWrite };
        using SqliteConnection connection = new(settings.ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private static byte[] Read(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

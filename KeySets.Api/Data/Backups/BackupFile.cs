using System.Data.Common;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Backups;

/// <summary>
/// A backup: a SQLite database with the tables of this service, whatever database it was made of. It is only read.
/// </summary>
public sealed class BackupFile : IDisposable
{
    private KeptConnection _kept;
    private DirectoryInfo? _upgraded;

    private BackupFile(string path) => _kept = Connect(path, SqliteOpenMode.ReadOnly);

    /// <summary>Which tables it has.</summary>
    public StoredTables Tables { get; private set; }

    /// <summary>Its rows.</summary>
    public KeySetRows Rows => _kept.Rows;

    /// <summary>Opens a file, and checks it.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no backup that this version can read.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static async Task<BackupFile> OpenAsync(string path)
    {
        // SQLite would say of any failure that it is unable to open the file.
        using (File.OpenRead(path))
        {
        }

        BackupFile file = new(path);
        try
        {
            await file.CheckAsync();
            return file;
        }
        catch (SqliteException exception)
        {
            file.Dispose();
            throw new InvalidDataException($"{path} is damaged, or no backup. {exception.Message}");
        }
        catch (InvalidDataException exception)
        {
            file.Dispose();
            throw new InvalidDataException($"{path} {exception.Message}");
        }
    }

    /// <summary>The connection to a file of this format.</summary>
    public static KeptConnection Connect(string path, SqliteOpenMode mode) => new(
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);

    /// <summary>The ids of the keys of the key ring that have sealed its rows.</summary>
    public async Task<IReadOnlySet<Guid>> ReadKeyIdsAsync()
    {
        await using DbCommand command = _kept.Connection.CreateCommand();
        command.CommandText =
            """SELECT DISTINCT substr("SealedMembers", 1, 20) FROM "Keys" WHERE length("SealedMembers") >= 20""";
        await using DbDataReader rows = await command.ExecuteReaderAsync();
        HashSet<Guid> ids = [];
        while (await rows.ReadAsync())
        {
            if (KeyRing.KeyOf(await rows.GetFieldValueAsync<byte[]>(0)) is { } id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>Reads older tables from a copy that is upgraded to this version. The file stays as it is.</summary>
    public async Task UpgradeAsync()
    {
        _upgraded = Directory.CreateTempSubdirectory("keysets-");
        string path = Path.Combine(_upgraded.FullName, "upgraded.db");
        await using (DbCommand copy = _kept.Connection.CreateCommand())
        {
            copy.CommandText = "VACUUM INTO @path";
            copy.Parameters.Add(new SqliteParameter("@path", path));
            await copy.ExecuteNonQueryAsync();
        }

        _kept.Dispose();
        _kept = Connect(path, SqliteOpenMode.ReadWrite);
        await using (SqliteContext context = new(
            new DbContextOptionsBuilder<SqliteContext>().UseSqlite(_kept.Connection).Options))
        {
            await context.Database.MigrateAsync();
        }

        await _kept.Connection.OpenAsync();
        Tables = StoredTables.Current;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _kept.Dispose();
        _upgraded?.Delete(recursive: true);
    }

    private async Task CheckAsync()
    {
        await _kept.Connection.OpenAsync();
        Require(await _kept.Connection.RunPragmaAsync("integrity_check(1)") is "ok", "is damaged.");
        IReadOnlyList<string> applied = await SqliteTables.ReadMigrationsAsync(_kept.Connection) ?? [];
        Require(applied.Intersect(SqliteTables.Migrations).Any(), "is no backup of key sets.");
        Tables = Database.TablesOf(applied, SqliteTables.Migrations);
        Require(Tables != StoredTables.Newer, "is of a newer version of the service.");
        Require(await _kept.Connection.RunPragmaAsync("foreign_key_check") is null, "has keys without a set.");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}

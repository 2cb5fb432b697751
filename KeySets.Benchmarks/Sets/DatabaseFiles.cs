using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeySets.Benchmarks.Bare.Sqlite;
using KeySets.Benchmarks.Servers;
using Microsoft.Data.Sqlite;

namespace KeySets.Benchmarks.Sets;

/// <summary>Works on the database files of servers that do not run.</summary>
internal static class DatabaseFiles
{
    /// <summary>Opens a file for bulk work, whose loss does no harm.</summary>
    public static SqliteConnection Open(string path)
    {
        SqliteConnectionStringBuilder settings = new() { DataSource = path, Pooling = false };
        SqliteConnection connection = new(settings.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;";
        command.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Moves the log into the file, so that the file alone is whole.</summary>
    public static void Checkpoint(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }

    /// <summary>A short text that differs if the tables of the service, those of the handler or the sets do.</summary>
    public static string Fingerprint(string path)
    {
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT coalesce(sql, name) FROM sqlite_master
            UNION ALL SELECT "MigrationId" FROM "__EFMigrationsHistory"
            """;
        using SqliteDataReader reader = command.ExecuteReader();
        StringBuilder tables = new(BareTables.Definition);
        tables.AppendLine(CultureInfo.InvariantCulture, $"{SampleSets.Version}");
        while (reader.Read())
        {
            tables.AppendLine(reader.GetString(0));
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tables.ToString())).AsSpan(0, 4));
    }

    /// <summary>Copies the sets of the service into the tables of the bare handler.</summary>
    public static void CopyToBare(string folder)
    {
        string path = Path.Combine(folder, DataFiles.Bare);
        BareTables.Create(path);
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            """
            ATTACH $service AS service;
            BEGIN;
            INSERT INTO Sets (Id, Tag) SELECT Id, lower(replace(Revision, '-', '')) FROM service.KeySets ORDER BY Id;
            INSERT INTO Keys (SetId, Ordinal, Kid, Kty, "Use", Nbf, Exp, E, N, Private)
                SELECT KeySetId, Ordinal, Kid, Kty, "Use", Nbf, Exp, E, N, SealedMembers FROM service.Keys
                ORDER BY KeySetId, Ordinal;
            COMMIT;
            """;
        command.Parameters.AddWithValue("$service", Path.Combine(folder, DataFiles.Service));
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
        Checkpoint(connection);
    }
}

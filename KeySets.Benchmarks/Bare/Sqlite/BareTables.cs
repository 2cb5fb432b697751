using Microsoft.Data.Sqlite;

namespace KeySets.Benchmarks.Bare.Sqlite;

/// <summary>The least tables that answer the requests of the benchmarks, with an index for each.</summary>
internal static class BareTables
{
    /// <summary>The statements that create the tables.</summary>
    public const string Definition =
        """
        CREATE TABLE IF NOT EXISTS Sets (Id TEXT PRIMARY KEY, Tag TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS Keys (
            SetId TEXT NOT NULL, Ordinal INTEGER NOT NULL, Kid TEXT NOT NULL, Kty TEXT, "Use" TEXT, Nbf INTEGER,
            Exp INTEGER, E TEXT, N TEXT, Private BLOB, PRIMARY KEY (SetId, Ordinal)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS KeysByKid ON Keys (Kid);
        """;

    /// <summary>Creates the tables, if they are not there.</summary>
    public static void Create(string path)
    {
        SqliteConnectionStringBuilder settings = new() { DataSource = path, Pooling = false };
        using SqliteConnection connection = new(settings.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode = WAL; {Definition}";
        command.ExecuteNonQuery();
    }
}

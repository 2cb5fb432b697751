using KeySets.Api.Data.Sealing;
using KeySets.Benchmarks.Servers;
using KeySets.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Benchmarks.Sets;

/// <summary>
/// Fills a database that the service has created, in minutes where requests would take hours. The private members are
/// sealed by the code of the service and with the key ring of the database, so that the service opens them.
/// </summary>
internal static class SetLoader
{
    // The columns by name: the others have defaults, or SQLite generates them.
    private const string InsertSet = """INSERT INTO "KeySets" ("Id", "Revision") VALUES ($id, $revision)""";

    private const string InsertKey =
        """
        INSERT INTO "Keys"
            ("KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "E", "N", "X5c", "Status", "SealedMembers")
        VALUES ($set, $ordinal, $kid, $kty, $use, $nbf, $exp, $e, $n, '[]', 0, $sealed)
        """;

    /// <summary>Fills the database in a folder. Nobody else may have it open.</summary>
    /// <param name="folder">The folder of the service's data.</param>
    /// <param name="count">The number of sets.</param>
    /// <param name="cancellationToken">Stops the work, which leaves the database empty.</param>
    public static void Fill(string folder, int count, CancellationToken cancellationToken)
    {
        using ServiceProvider services = Services(folder);
        PrivateMembersProtector protector = services.GetRequiredService<PrivateMembersProtector>();
        using SqliteConnection connection = DatabaseFiles.Open(Path.Combine(folder, DataFiles.Service));
        using (SqliteTransaction transaction = connection.BeginTransaction())
        {
            using SqliteCommand set = Command(connection, InsertSet, "$id", "$revision");
            using SqliteCommand key = Command(
                connection, InsertKey,
                "$set", "$ordinal", "$kid", "$kty", "$use", "$nbf", "$exp", "$e", "$n", "$sealed");
            IEnumerable<Row> rows = Enumerable.Range(0, count)
                .AsParallel().AsOrdered().WithCancellation(cancellationToken)
                .SelectMany(number => RowsOf(number, protector));
            foreach (Row row in rows)
            {
                if (row.Ordinal == 0)
                {
                    // EF Core writes a Guid in upper case.
                    Run(set, row.Set, Guid.NewGuid().ToString().ToUpperInvariant());
                }

                TrustFrameworkKey of = row.Key;
                Run(key, row.Set, row.Ordinal, of.Kid, of.Kty, of.Use, of.Nbf, of.Exp, of.E, of.N, row.Sealed);
            }

            transaction.Commit();
        }

        DatabaseFiles.Checkpoint(connection);
    }

    private static IEnumerable<Row> RowsOf(int number, PrivateMembersProtector protector)
    {
        string id = SampleSets.IdOf(number);
        return SampleSets.KeysOf(number).Select((key, ordinal) => new Row(
            id,
            ordinal,
            key,
            PrivateMembers.Of(key) is { } members ? protector.Seal(id, key.Kid!, members) : null));
    }

    private static ServiceProvider Services(string folder)
    {
        ServiceCollection services = new();
        services.AddLogging();
        // The same name as in the service: it is part of every sealed row.
        services.AddDataProtection().SetApplicationName("KeySets")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(folder, DataFiles.KeyRing)));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<PrivateMembersProtector>();
        return services.BuildServiceProvider();
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Both texts are constants above.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (string name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private static void Run(SqliteCommand command, params object?[] values)
    {
        foreach ((int index, object? value) in values.Index())
        {
            command.Parameters[index].Value = value ?? DBNull.Value;
        }

        command.ExecuteNonQuery();
    }

    private sealed record Row(string Set, int Ordinal, TrustFrameworkKey Key, byte[]? Sealed);
}

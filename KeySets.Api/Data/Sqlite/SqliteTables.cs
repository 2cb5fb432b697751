using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The tables of a database, and the migrations that have made them. EF Core makes the tables of an old database those
/// of this version; those of a new one are made by a script, in a tenth of the time.
/// </summary>
public static class SqliteTables
{
    private const string Script = "SqliteTables.sql";

    /// <summary>The migrations of this version, in their order.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        .. typeof(SqliteTables).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(SqliteContext))
            .Where(type => type.IsSubclassOf(typeof(Migration)))
            .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The migrations that a database has had, in their order; null if it is new.</summary>
    public static async Task<IReadOnlyList<string>?> ReadMigrationsAsync(SqliteConnection connection)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """SELECT 1 FROM sqlite_schema WHERE name = '__EFMigrationsHistory'""";
        if (await command.ExecuteScalarAsync() is null)
        {
            return null;
        }

        command.CommandText = """SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY "MigrationId" """;
        await using SqliteDataReader rows = await command.ExecuteReaderAsync();
        List<string> migrations = [];
        while (await rows.ReadAsync())
        {
            migrations.Add(rows.GetString(0));
        }

        return migrations;
    }

    /// <summary>Makes the tables of a new database, unless another process has just made them.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "The script is part of the program.")]
    public static async Task CreateAsync(SqliteConnection connection)
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync();
        if (await ReadMigrationsAsync(connection) is null)
        {
            using StreamReader script =
                new(typeof(SqliteTables).Assembly.GetManifestResourceStream(Script)!);
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = await script.ReadToEndAsync();
            await command.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
    }
}

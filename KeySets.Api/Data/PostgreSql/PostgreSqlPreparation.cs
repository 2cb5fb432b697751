using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// What must hold before the first request: the version and the settings of the server, and the tables. Instances that
/// start together prepare the database one after the other.
/// </summary>
/// <param name="settings">How to connect.</param>
/// <param name="logger">Tells of an upgrade.</param>
public sealed partial class PostgreSqlPreparation(
    NpgsqlConnectionStringBuilder settings, ILogger<PostgreSqlPreparation> logger)
{
    private const int OldestVersion = 14;

    // "KeySets" in ASCII, so that no other program has the same.
    private const long Lock = 0x4B_65_79_53_65_74_73;

    /// <summary>Where the database is.</summary>
    public string Location => $"{settings.Database} on {settings.Host}";

    /// <inheritdoc cref="Database.PrepareAsync" />
    public async Task PrepareAsync(Func<Task> openKeyRing)
    {
        // An upgrade takes as long as it takes.
        NpgsqlConnectionStringBuilder patient = new(settings.ConnectionString) { CommandTimeout = 0 };
        await using NpgsqlDataSource unlimited = NpgsqlDataSource.Create(patient);
        await using NpgsqlConnection connection = await unlimited.OpenConnectionAsync();
        await CheckAsync(connection);
        await RunAsync(connection, $"SELECT pg_advisory_lock({Lock})");
        try
        {
            await using PostgreSqlContext context = new((DbContextOptions<PostgreSqlContext>)
                new DbContextOptionsBuilder<PostgreSqlContext>().UseConnections(unlimited).Options);
            await UpgradeAsync(context);
            await openKeyRing();
        }
        finally
        {
            await RunAsync(connection, $"SELECT pg_advisory_unlock({Lock})");
        }
    }

    private static async Task CheckAsync(NpgsqlConnection connection)
    {
        Require(
            connection.PostgreSqlVersion.Major >= OldestVersion,
            $"PostgreSQL is {connection.PostgreSqlVersion}, older than {OldestVersion}.");
        Require(await ShowAsync(connection, "server_encoding") is "UTF8", "The database is not encoded in UTF-8.");
        Require(
            await ShowAsync(connection, "fsync") is "on"
                && await ShowAsync(connection, "synchronous_commit") is not "off",
            "Commits are not synced to disk (fsync=on, synchronous_commit=on).");
    }

    private static async Task<string> ShowAsync(NpgsqlConnection connection, string setting) =>
        (string)(await RunAsync(connection, $"SELECT current_setting('{setting}')"))!;

    [SuppressMessage("Security", "CA2100", Justification = "The statements are written here.")]
    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task UpgradeAsync(PostgreSqlContext context)
    {
        string[] applied = [.. await context.Database.GetAppliedMigrationsAsync()];
        string[] known = [.. context.Database.GetMigrations()];
        Require(!applied.Except(known).Any(), "A newer version of the service has changed its tables.");
        if (known.Length > applied.Length)
        {
            if (applied is [.., string last])
            {
                LogUpgrade(logger, Location, last, known[^1]);
            }

            await context.Database.MigrateAsync();
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The database cannot keep keys safely. {otherwise}");
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The tables of {Location} are upgraded from {From} to {To}. An older version of the service cannot use them: a "
        + "backup from before the upgrade is the way back")]
    private static partial void LogUpgrade(ILogger logger, string location, string from, string to);
}

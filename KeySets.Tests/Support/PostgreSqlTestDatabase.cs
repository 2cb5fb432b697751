using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Data.PostgreSql;
using KeySets.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeySets.Tests.Support;

/// <summary>
/// A database on the server of <c>KEYSETS_TEST_POSTGRES</c>, which is a connection string of somebody who may create
/// databases. Each is a copy of one that has the tables already.
/// </summary>
public sealed class PostgreSqlTestDatabase : TestDatabase
{
    /// <summary>The variable of the environment that names the server.</summary>
    public const string Variable = "KEYSETS_TEST_POSTGRES";

    private static readonly Lazy<string> Template = new(CreateTemplate);

    /// <summary>Creates a database.</summary>
    public PostgreSqlTestDatabase()
        : this($"TEMPLATE {Template.Value}")
    {
    }

    private PostgreSqlTestDatabase(string options)
    {
        Name = NewName();
        Run($"CREATE DATABASE {Name} {options}");
    }

    /// <summary>Whether there is a server.</summary>
    public static bool IsThere => !string.IsNullOrEmpty(Server);

    /// <summary>The name of the database.</summary>
    public string Name { get; }

    /// <summary>The connection string of the database.</summary>
    public string ConnectionString => ConnectionTo(Name);

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Database:Provider"] = "PostgreSql",
        ["ConnectionStrings:KeySets"] = ConnectionString,
    };

    private static string? Server => Environment.GetEnvironmentVariable(Variable);

    /// <summary>A database without tables.</summary>
    /// <param name="options">Options of <c>CREATE DATABASE</c>.</param>
    public static PostgreSqlTestDatabase Empty(string options = "") => new($"TEMPLATE template0 {options}");

    /// <summary>The database of a service.</summary>
    public static PostgreSqlTestDatabase Of(KeySetsApplication application) =>
        (PostgreSqlTestDatabase)application.Database;

    /// <summary>Drops the database that the others are copies of.</summary>
    public static void DropTemplate()
    {
        if (Template.IsValueCreated)
        {
            Drop(Template.Value);
        }
    }

    /// <inheritdoc />
    public override byte[] ReadStored()
    {
        using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString);
        using NpgsqlCommand tables = source.CreateCommand(
            """SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'""");
        using NpgsqlDataReader names = tables.ExecuteReader();
        using MemoryStream stored = new();
        while (names.Read())
        {
            using NpgsqlConnection connection = source.OpenConnection();
            using NpgsqlRawCopyStream rows =
                connection.BeginRawBinaryCopy($"COPY {names.GetString(0)} TO STDOUT (FORMAT binary)");
            rows.CopyTo(stored);
        }

        return stored.ToArray();
    }

    /// <inheritdoc />
    public override async Task<PrivateMembers?> PrivateMembersAsync(string id, string kid)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(ConnectionString);
        return await SealedKeys.OpenAsync(source, id, kid);
    }

    /// <inheritdoc />
    /// <remarks>The server goes on with a statement whose client is gone, and may still commit it.</remarks>
    public override async Task WaitForRestAsync()
    {
        await using NpgsqlDataSource server = NpgsqlDataSource.Create(Server!);
        await using NpgsqlCommand sessions = server.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1");
        sessions.Parameters.AddWithValue(Name);
        while (await sessions.ExecuteScalarAsync() is not 0L)
        {
            await Task.Delay(10);
        }
    }

    /// <inheritdoc />
    public override void Close() => Drop(Name);

    private static string NewName() => $"keysets_{Guid.NewGuid():N}";

    private static string CreateTemplate()
    {
        string name = NewName();
        Run($"CREATE DATABASE {name}");
        NpgsqlConnectionStringBuilder settings = new(ConnectionTo(name));
        new PostgreSqlPreparation(settings, NullLogger<PostgreSqlPreparation>.Instance)
            .PrepareAsync(() => Task.CompletedTask)
            .GetAwaiter()
            .GetResult();
        return name;
    }

    private static string ConnectionTo(string name) => new NpgsqlConnectionStringBuilder(Server)
    {
        Database = name,
        Timeout = 15,
        IncludeErrorDetail = false,
    }.ConnectionString;

    private static void Drop(string name) => Run($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    [SuppressMessage("Security", "CA2100", Justification = "The names are made here.")]
    private static void Run(string sql)
    {
        NpgsqlConnectionStringBuilder settings = new(Server) { Pooling = false };
        using NpgsqlConnection connection = new(settings.ConnectionString);
        connection.Open();
        using NpgsqlCommand command = new(sql, connection);
        command.ExecuteNonQuery();
    }
}

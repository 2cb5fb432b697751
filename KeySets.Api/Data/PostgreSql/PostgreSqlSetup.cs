using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Query;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>The registration of PostgreSQL: its settings, and its services.</summary>
public static class PostgreSqlSetup
{
    private const string GroupCommit = "Database:GroupCommit";
    private const int SecondsToConnect = 5;
    private const int MostConnections = 32;
    private const int PreparedStatements = 100;

    /// <summary>Adds the database of the connection string KeySets.</summary>
    /// <returns>Null: the database has no folder here.</returns>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static string? AddPostgreSql(this WebApplicationBuilder builder)
    {
        NpgsqlConnectionStringBuilder connection = Connection(builder.Configuration.GetConnectionString("KeySets"));
        if (!bool.TryParse(builder.Configuration[GroupCommit] ?? bool.TrueString, out bool isShared))
        {
            throw new StartupException($"{GroupCommit} is neither true nor false.");
        }

        builder.Services.AddPostgreSql(connection, QueryLimits.Of(builder.Configuration), isShared);
        return null;
    }

    /// <summary>Options of contexts whose connections come from a source.</summary>
    public static DbContextOptionsBuilder UseConnections(
        this DbContextOptionsBuilder options, NpgsqlDataSource source) => options
            .UseNpgsql(source)
            .ReplaceService<IQuerySqlGeneratorFactory, OrderedSqlGeneratorFactory>()
            .ReplaceService<IHistoryRepository, UnlockedHistory>()
            .ConfigureWarnings(KeySetsDbContext.LogOnce);

    private static void AddPostgreSql(
        this IServiceCollection services,
        NpgsqlConnectionStringBuilder connection,
        QueryLimits limits,
        bool isShared)
    {
        // Queries can take long. Reads by id and writes never wait for them.
        NpgsqlConnectionStringBuilder ofQueries = new(connection.ConnectionString)
        {
            MaxPoolSize = Math.Max(1, connection.MaxPoolSize / 4),
        };
        NpgsqlConnectionStringBuilder ofRows = new(connection.ConnectionString)
        {
            MaxPoolSize = Math.Max(1, connection.MaxPoolSize - ofQueries.MaxPoolSize),
        };
        ofQueries.MinPoolSize = ofRows.MinPoolSize = 0;
        services.AddSingleton(_ => Source(ofRows, limits));
        services.AddKeyedSingleton(nameof(ofQueries), (_, _) => Source(ofQueries, limits));
        services.AddPooledDbContextFactory<PostgreSqlContext>((provider, options) =>
            options.UseConnections(provider.GetRequiredKeyedService<NpgsqlDataSource>(nameof(ofQueries))));
        services.AddSingleton(limits);
        services.AddSingleton<Retries>();
        services.AddSingleton<PostgreSqlWrites>();
        services.AddSingleton(provider =>
            new InsertQueue(provider.GetRequiredService<PostgreSqlWrites>(), isShared));
        services.AddSingleton(provider => new PostgreSqlPreparation(
            connection, provider.GetRequiredService<ILogger<PostgreSqlPreparation>>()));
        services.AddSingleton<IXmlRepository, PostgreSqlKeyRing>();
        services.AddSingleton<Database, PostgreSqlDatabase>();
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder connection, QueryLimits limits)
    {
        NpgsqlDataSourceBuilder source = new(connection.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            opened => Limited(opened).ExecuteNonQuery(), opened => Limited(opened).ExecuteNonQueryAsync());
        return source.Build();

        NpgsqlCommand Limited(NpgsqlConnection connection)
        {
            NpgsqlCommand command = connection.CreateCommand();
            command.CommandText =
                "SELECT set_config('lock_timeout', @lock, FALSE), set_config('statement_timeout', @statement, FALSE)";
            command.Parameters.AddWithValue("lock", $"{SecondsToConnect}s");
            command.Parameters.AddWithValue("statement", $"{limits.LongestSeconds}s");
            return command;
        }
    }

    private static NpgsqlConnectionStringBuilder Connection(string? setting)
    {
        NpgsqlConnectionStringBuilder connection = Parse(setting);
        if (string.IsNullOrWhiteSpace(connection.Host) || string.IsNullOrWhiteSpace(connection.Database))
        {
            throw new StartupException(
                "ConnectionStrings:KeySets needs the Host and the Database of PostgreSQL, as in "
                + "Host=db.example.com;Database=keysets;Username=keysets;Password=…");
        }

        Default("Timeout", () => connection.Timeout = SecondsToConnect);
        Default("Maximum Pool Size", () => connection.MaxPoolSize = MostConnections);
        Default("Max Auto Prepare", () => connection.MaxAutoPrepare = PreparedStatements);
        Default("Auto Prepare Min Usages", () => connection.AutoPrepareMinUsages = 2);
        // The service changes nothing of a session after it is opened.
        Default("No Reset On Close", () => connection.NoResetOnClose = true);
        Default("Application Name", () => connection.ApplicationName = "KeySets");
        if (connection.Host.Contains(',', StringComparison.Ordinal))
        {
            Default("Target Session Attributes", () => connection.TargetSessionAttributes = "read-write");
            Default("Host Recheck Seconds", () => connection.HostRecheckSeconds = 1);
        }

        return connection;

        void Default(string name, Action set)
        {
            if (!connection.ShouldSerialize(name))
            {
                set();
            }
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string? connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException exception)
        {
            throw new StartupException(
                $"ConnectionStrings:KeySets is not a connection string of PostgreSQL. {exception.Message}");
        }
    }
}

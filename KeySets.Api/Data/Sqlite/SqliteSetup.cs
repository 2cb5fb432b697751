using KeySets.Api.Data.Sealing;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The registration of SQLite: its settings, and its services.</summary>
public static class SqliteSetup
{
    /// <summary>
    /// Adds the database of the connection string KeySets, or the default one below the content root.
    /// </summary>
    /// <returns>The folder of the database; null for a database in memory.</returns>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static string? AddSqlite(this WebApplicationBuilder builder)
    {
        SqliteConnectionStringBuilder connection =
            Connection(builder.Configuration.GetConnectionString("KeySets"), builder.Environment.ContentRootPath);
        builder.Services.AddSqlite(connection, QueryLimits.Of(builder.Configuration));
        return MemoryDatabase.IsRequested(connection) ? null : Path.GetDirectoryName(connection.DataSource);
    }

    /// <summary>Adds the database of a connection.</summary>
    /// <exception cref="StartupException">The database in memory cannot be created.</exception>
    public static void AddSqlite(
        this IServiceCollection services, SqliteConnectionStringBuilder connection, QueryLimits? limits = null)
    {
        // Another process can hold the write lock. After this many seconds the client is told to come back.
        if (!connection.ShouldSerialize("Default Timeout"))
        {
            connection.DefaultTimeout = 5;
        }

        // The start creates the file once: a file that is lost while the service runs must not come back empty.
        if (!connection.ShouldSerialize("Mode"))
        {
            connection.Mode = SqliteOpenMode.ReadWrite;
        }

        List<IInterceptor> interceptors = [new UnicodeCase()];
        string connectionString = connection.ConnectionString;
        if (MemoryDatabase.IsRequested(connection))
        {
            MemoryDatabase memory = CreateMemory(connection);
            connectionString = memory.ConnectionString;
            interceptors.Add(memory);
            services.AddSingleton(_ => memory);
            services.AddSingleton<IXmlRepository, MemoryKeyRing>();
        }
        else
        {
            services.AddSingleton<DatabaseFile>();
        }

        services.AddPooledDbContextFactory<SqliteContext>(options =>
            options.UseSqlite(connectionString).AddInterceptors(interceptors).ConfigureWarnings(KeySetsDbContext.LogOnce));
        services.AddSingleton(new SqliteConnectionStringBuilder(connectionString));
        services.AddSingleton<KeptConnections>();
        services.AddSingleton(limits ?? new QueryLimits());
        services.AddSingleton<Queries>();
        services.AddSingleton<WriteTransactions>();
        services.AddSingleton<WriteQueue>();
        services.AddSingleton<Database, SqliteDatabase>();
    }

    private static MemoryDatabase CreateMemory(SqliteConnectionStringBuilder connection)
    {
        try
        {
            return new MemoryDatabase(connection);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            throw new StartupException(
                $"The database in memory of ConnectionStrings:KeySets cannot be made. {exception.Message}");
        }
    }

    private static SqliteConnectionStringBuilder Connection(string? setting, string contentRoot)
    {
        SqliteConnectionStringBuilder connection =
            Parse(setting ?? $"Data Source={Path.Combine(contentRoot, "App_Data", "keysets.db")}");
        if (MemoryDatabase.IsRequested(connection))
        {
            return connection;
        }

        if (connection.DataSource is "")
        {
            throw new StartupException(
                "ConnectionStrings:KeySets has no file. For a database in memory it is Data Source=:memory:");
        }

        if (connection.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException(
                "ConnectionStrings:KeySets has a URI as its Data Source. Set the path of the file, or :memory:");
        }

        connection.DataSource = DataFolder.Resolve(connection.DataSource, contentRoot);
        return connection;
    }

    private static SqliteConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException exception)
        {
            throw new StartupException(
                $"ConnectionStrings:KeySets is not a connection string of SQLite. {exception.Message}");
        }
    }
}

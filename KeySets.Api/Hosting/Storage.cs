using System.Security.Cryptography;
using System.Xml;
using KeySets.Api.Data;
using KeySets.Api.Data.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the database and of the key ring that seals private members.</summary>
public static partial class Storage
{
    /// <summary>Adds the database of the connection string KeySets, or the embedded default, and the key ring.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["Database:Provider"] is { } provider && !provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException($"Database:Provider is '{provider}'. This version has Sqlite.");
        }

        SqliteConnectionStringBuilder connection = Connection(builder);
        // The name is part of every sealed row: it must not depend on where the service is installed.
        IDataProtectionBuilder keyRing = builder.Services.AddDataProtection().SetApplicationName("KeySets");
        if (MemoryDatabase.IsAskedFor(connection))
        {
            builder.Services.Configure<KeyManagementOptions>(options => options.XmlRepository = new MemoryKeyRing());
        }
        else
        {
            string folder = Path.GetDirectoryName(connection.DataSource)!;
            CreatePrivateFolder(folder);
            keyRing.PersistKeysToFileSystem(CreatePrivateFolder(KeyDirectory(builder) ?? Path.Combine(folder, "key-ring")));
            builder.AddDiskHealth(folder);
        }

        try
        {
            builder.Services.AddSqliteDatabase(connection);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            throw new StartupException($"The database in memory of ConnectionStrings:KeySets cannot be made. {exception.Message}");
        }

        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<PrivateMembersProtector>();
        builder.Services.AddSingleton<KeySetStore>();
    }

    /// <summary>Brings the database to this version, and sees to it that the key ring is there and stays.</summary>
    /// <exception cref="StartupException">The database or the key ring cannot be used, or cannot keep keys safely.</exception>
    public static async Task PrepareStorageAsync(this WebApplication app)
    {
        IDbContextFactory<KeySetsDbContext> contexts = app.Services.GetRequiredService<IDbContextFactory<KeySetsDbContext>>();
        DatabaseFile? file = app.Services.GetService<MemoryDatabase>() is null ? app.Services.GetRequiredService<DatabaseFile>() : null;
        try
        {
            await SqliteDatabase.PrepareAsync(contexts, file);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The database of ConnectionStrings:KeySets cannot be used. {exception.Message}");
        }

        try
        {
            SyncKeyRing(app.Services);
            await using KeySetsDbContext context = await contexts.CreateDbContextAsync();
            await app.Services.GetRequiredService<KeySetStore>().VerifyKeyRingAsync(context);
            LogPlace(app.Logger, file is not null ? context.Database.GetDbConnection().DataSource : "memory: they are gone when the service ends");
        }
        catch (Exception exception) when (exception is CryptographicException or XmlException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The key ring of DataProtection:KeyDirectory cannot be used, or is not the one that the database was sealed with. {exception.Message}");
        }
    }

    /// <remarks>
    /// Data Protection writes the first key of a ring when it is first asked, and does not sync it, while SQLite syncs the rows
    /// that are sealed with it: a power cut then could leave rows that nobody can open. Later keys lie there for two days before
    /// they are used.
    /// </remarks>
    private static void SyncKeyRing(IServiceProvider services)
    {
        byte[] probe = services.GetRequiredService<IDataProtectionProvider>().CreateProtector(nameof(SyncKeyRing)).Protect([]);
        // As it is now it has just been read: what becomes of it from here on is noticed.
        KeyRing keyRing = services.GetRequiredService<KeyRing>();
        keyRing.Holds(probe);
        keyRing.FlushToDisk();
    }

    private static SqliteConnectionStringBuilder Connection(WebApplicationBuilder builder)
    {
        string file = Path.Combine(builder.Environment.ContentRootPath, "App_Data", "keysets.db");
        try
        {
            SqliteConnectionStringBuilder connection = new(builder.Configuration.GetConnectionString("KeySets") ?? $"Data Source={file}");
            if (connection.DataSource is "" && connection.Mode != SqliteOpenMode.Memory)
            {
                throw new StartupException("ConnectionStrings:KeySets has no file. For a database in memory it is Data Source=:memory:");
            }

            if (connection.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            {
                throw new StartupException("ConnectionStrings:KeySets has a URI as its Data Source. Set the path of the file, or :memory:");
            }

            if (!MemoryDatabase.IsAskedFor(connection))
            {
                connection.DataSource = Real(Path.GetFullPath(connection.DataSource, builder.Environment.ContentRootPath));
            }

            return connection;
        }
        catch (ArgumentException exception)
        {
            throw new StartupException($"ConnectionStrings:KeySets is not a connection string of SQLite. {exception.Message}");
        }
    }

    private static string? KeyDirectory(WebApplicationBuilder builder) => builder.Configuration["DataProtection:KeyDirectory"] is { Length: > 0 } setting
        ? Real(Path.GetFullPath(setting, builder.Environment.ContentRootPath))
        : null;

    /// <summary>A path without links in it. One that is turned elsewhere later does not divide what is read and written between two places.</summary>
    private static string Real(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        string own = Path.Combine(Real(parent), Path.GetFileName(path));
        return Path.Exists(own) && File.ResolveLinkTarget(own, returnFinalTarget: true) is { } target ? Real(target.FullName) : own;
    }

    /// <summary>Makes a folder that no other account can look into; one that is there already keeps the access that it has.</summary>
    private static DirectoryInfo CreatePrivateFolder(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The folder for the data cannot be used. {exception.Message}");
        }
    }

    // Below the working directory where nothing else is set: who starts the service elsewhere sees that its sets are elsewhere too.
    [LoggerMessage(LogLevel.Information, "Key sets are kept in {Database}")]
    private static partial void LogPlace(ILogger logger, string database);
}

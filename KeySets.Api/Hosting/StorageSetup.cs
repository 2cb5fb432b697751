using System.Data.Common;
using System.Security.Cryptography;
using System.Xml;
using KeySets.Api.Data;
using KeySets.Api.Data.Audit;
using KeySets.Api.Data.PostgreSql;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Hosting.Health;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace KeySets.Api.Hosting;

/// <summary>The setup of the database and of the key ring that seals private members.</summary>
public static partial class StorageSetup
{
    private const string DefaultProvider = "Sqlite";

    // The databases, by the setting Database:Provider. Each registers itself and returns its folder; null for none.
    private static readonly Dictionary<string, Func<WebApplicationBuilder, string?>> Databases =
        new(StringComparer.OrdinalIgnoreCase)
        {
            [DefaultProvider] = SqliteSetup.AddSqlite,
            ["PostgreSql"] = PostgreSqlSetup.AddPostgreSql,
        };

    /// <summary>Adds the database, the key ring and the store, and makes their folders.</summary>
    /// <exception cref="StartupException">A setting or a folder cannot be used.</exception>
    public static void AddStorage(this WebApplicationBuilder builder)
    {
        foreach (string folder in builder.AddStorageServices())
        {
            DataFolder.Create(folder);
        }
    }

    /// <summary>Adds the database, the key ring and the store.</summary>
    /// <returns>The folders that they need.</returns>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static IReadOnlyList<string> AddStorageServices(this WebApplicationBuilder builder)
    {
        string provider = builder.Configuration["Database:Provider"] ?? DefaultProvider;
        if (!Databases.TryGetValue(provider, out Func<WebApplicationBuilder, string?>? addDatabase))
        {
            throw new StartupException(
                $"Database:Provider is '{provider}'. This version has {string.Join(", ", Databases.Keys)}.");
        }

        string? folder = addDatabase(builder);
        if (folder is not null)
        {
            builder.AddDiskHealth(folder);
        }

        string? keyDirectory = builder.AddKeyRing(folder);
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<PrivateMembersProtector>();
        builder.Services.AddSingleton<SealedAnswers>();
        builder.Services.AddSingleton<CheckpointSeals>();
        builder.Services.AddSingleton<SealedRows>();
        builder.Services.AddSingleton<AuditUpkeep>();
        builder.Services.AddHostedService<Upkeep>();
        builder.Services.AddScoped<WriteScope>();
        builder.Services.AddScoped<KeySetStore>();
        builder.Services.AddScoped<DeniedRequests>();
        return [.. new[] { folder, keyDirectory }.OfType<string>()];
    }

    /// <summary>Brings the database to this version, and makes sure that the key ring is there and stays.</summary>
    /// <exception cref="StartupException">
    /// The database or the key ring cannot be used, or cannot keep keys safely.
    /// </exception>
    public static async Task PrepareStorageAsync(this WebApplication app)
    {
        Database database = app.Services.GetRequiredService<Database>();
        try
        {
            await database.PrepareAsync(() => OpenKeyRingAsync(app, database));
        }
        catch (Exception exception)
            when (exception is DbException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"The database of ConnectionStrings:KeySets cannot be used. {exception.Message}");
        }
    }

    private static async Task OpenKeyRingAsync(WebApplication app, Database database)
    {
        try
        {
            await CheckKeyRingAsync(app, database);
        }
        catch (Exception exception) when (exception is RefusalException or DbException)
        {
            // A read has met what the preparation did not: a damaged page of the tables.
            throw new StartupException(
                $"The database of ConnectionStrings:KeySets cannot be used. {exception.GetBaseException().Message}");
        }
        catch (Exception exception) when (exception is CryptographicException or XmlException or IOException
            or UnauthorizedAccessException or InvalidOperationException)
        {
            // The outer exceptions of Data Protection say that something is wrong; the innermost says what. Behind one
            // that names the path, it names the error of the system alone.
            Exception reason = exception is IOException or UnauthorizedAccessException
                ? exception
                : exception.GetBaseException();
            throw new StartupException(
                "The key ring of DataProtection cannot be used, or is not the one that the database was "
                + $"sealed with. {reason.Message}");
        }
    }

    private static async Task CheckKeyRingAsync(WebApplication app, Database database)
    {
        KeyRing keyRing = app.Services.GetRequiredService<KeyRing>();
        keyRing.CheckAccess();
        if (await database.AnySealedAsync() && await FaultOfAsync(app.Services, keyRing) is { } fault)
        {
            keyRing.GiveUp(fault);
            LogLostRing(app.Logger, keyRing.Folder ?? "the database", fault);
        }
        else
        {
            SyncKeyRing(app.Services, keyRing);
        }

        LogLocation(app.Logger, database.Location);
        if (keyRing.IsReadable)
        {
            LogReadableRing(app.Logger, keyRing.Folder ?? "the database");
        }
    }

    /// <returns>Why the ring is none of the database, which has sealed rows; null if it is.</returns>
    private static async Task<string?> FaultOfAsync(IServiceProvider services, KeyRing keyRing)
    {
        if (keyRing.IsEmpty)
        {
            return "The key ring has no key, and the database holds keys that were sealed.";
        }

        if (!services.GetRequiredService<IKeyManager>().GetAllKeys().Any(CanBeUsed))
        {
            // Data Protection would add a new key to the ring.
            return "No key of the key ring can be decrypted. Its certificate may be missing.";
        }

        try
        {
            await services.GetRequiredService<SealedRows>().VerifyAsync();
            return null;
        }
        catch (CryptographicException exception)
        {
            return $"The key ring opens nothing that the database holds. {exception.GetBaseException().Message}";
        }
    }

    private static bool CanBeUsed(IKey key)
    {
        try
        {
            return !key.IsRevoked && key.CreateEncryptor() is not null;
        }
        catch (Exception exception) when (exception is CryptographicException or XmlException)
        {
            return false;
        }
    }

    /// <remarks>
    /// Data Protection writes the first key of a ring when it is first asked, and does not sync it, while the database
    /// syncs the rows that are sealed with it: after a power cut, nobody could open them. Later keys lie on the disk
    /// for two days before they are used.
    /// </remarks>
    private static void SyncKeyRing(IServiceProvider services, KeyRing keyRing)
    {
        IDataProtectionProvider dataProtection = services.GetRequiredService<IDataProtectionProvider>();
        byte[] probe = dataProtection.CreateProtector(nameof(SyncKeyRing)).Protect([]);
        // Data Protection has just read the ring: from here on KeyRing notices any change of the stored one.
        keyRing.Holds(probe);
        keyRing.FlushToDisk();
    }

    // The default lies below the working directory: the log shows it to an operator who starts the service elsewhere.
    [LoggerMessage(LogLevel.Information, "Key sets are kept in {Location}")]
    private static partial void LogLocation(ILogger logger, string location);

    [LoggerMessage(
        LogLevel.Critical,
        "The key ring in {Place} is not that of the database. Public keys are served, and no private member can be "
        + "stored or used. Put the key ring back, and start the service again. {Reason}")]
    private static partial void LogLostRing(ILogger logger, string place, string reason);

    [LoggerMessage(
        LogLevel.Information,
        "The key ring in {Place} is not encrypted: whoever can read it and the database can open the private members")]
    private static partial void LogReadableRing(ILogger logger, string place);
}

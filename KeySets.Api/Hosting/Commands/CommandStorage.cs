using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Diagnostics;
using KeySets.Api.Hosting.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace KeySets.Api.Hosting.Commands;

/// <summary>The database and the key ring of some settings, without a service around them.</summary>
public sealed class CommandStorage : IAsyncDisposable
{
    private const string Target = "to";

    // What describes a storage.
    private static readonly string[] Sections = ["ConnectionStrings", "Database", "DataProtection"];

    private readonly IConfiguration _settings;
    private readonly IWebHostEnvironment _environment;
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<string> _folders;

    private CommandStorage(WebApplicationBuilder builder)
    {
        // A command says what there is to say, in one line.
        builder.Logging.ClearProviders();
        Settings.Check(builder.Configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Instruments>();
        _folders = builder.AddStorageServices();
        (_settings, _environment) = (builder.Configuration, builder.Environment);
        _services = builder.Services.BuildServiceProvider();
    }

    /// <summary>The database.</summary>
    public Database Database => _services.GetRequiredService<Database>();

    /// <summary>The key ring as it is stored.</summary>
    public KeyRing KeyRing => _services.GetRequiredService<KeyRing>();

    /// <summary>The elements of the key ring. Data Protection makes its folder when it reads them.</summary>
    public IXmlRepository Ring => KeyManagement.XmlRepository!;

    /// <summary>Whether a certificate encrypts the keys that the ring gets from now on.</summary>
    public bool HasCertificate => KeyManagement.XmlEncryptor is not null;

    /// <summary>Opens private members with the key ring.</summary>
    public PrivateMembersProtector Protector => _services.GetRequiredService<PrivateMembersProtector>();

    /// <summary>Opens the seals of audit checkpoints.</summary>
    public CheckpointSeals CheckpointSeals => _services.GetRequiredService<CheckpointSeals>();

    /// <summary>Seals the answers to repeatable requests.</summary>
    public SealedAnswers SealedAnswers => _services.GetRequiredService<SealedAnswers>();

    /// <summary>The keys of the key ring.</summary>
    public IKeyManager KeyManager => _services.GetRequiredService<IKeyManager>();

    /// <summary>How long a new key of the key ring is used.</summary>
    public TimeSpan KeyLifetime => KeyManagement.NewKeyLifetime;

    /// <summary>The key of the key ring that seals now.</summary>
    public Guid CurrentKey() => KeyRing.KeyOf(
        _services.GetRequiredService<IDataProtectionProvider>().CreateProtector(nameof(CurrentKey)).Protect([]))!.Value;

    /// <summary>How long audit events are kept; null for ever.</summary>
    /// <exception cref="StartupException">The setting is no number of days.</exception>
    public TimeSpan? Retention => Upkeep.RetentionOf(_settings);

    /// <summary>The sealed rows of the database.</summary>
    public SealedRows SealedRows => _services.GetRequiredService<SealedRows>();

    private KeyManagementOptions KeyManagement =>
        _services.GetRequiredService<IOptions<KeyManagementOptions>>().Value;

    /// <summary>The storage of the service with these arguments, the environment and the settings files.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static CommandStorage Of(string[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(settings);
        builder.AddOwnSettings();
        return new CommandStorage(builder);
    }

    /// <summary>
    /// The storage that the settings with <c>to:</c> in front describe. Without those of the key ring, it is kept as
    /// that of this storage.
    /// </summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public CommandStorage OfTarget()
    {
        IConfigurationSection settings = TargetSettings();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ContentRootPath = _environment.ContentRootPath,
            EnvironmentName = _environment.EnvironmentName,
        });
        if (!settings.GetSection("DataProtection").Exists())
        {
            builder.Configuration.AddInMemoryCollection(
                _settings.GetSection("DataProtection").AsEnumerable());
        }

        builder.Configuration.AddConfiguration(settings);
        try
        {
            return new CommandStorage(builder);
        }
        catch (StartupException exception)
        {
            throw new CommandException($"The target cannot be used. {exception.Message}");
        }
    }

    /// <summary>Makes the folders of the database and of the key ring, which nobody else can look into.</summary>
    /// <exception cref="StartupException">One cannot be used.</exception>
    public void CreateFolders()
    {
        foreach (string folder in _folders)
        {
            DataFolder.Create(folder);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private IConfigurationSection TargetSettings()
    {
        IConfigurationSection settings = _settings.GetSection(Target);
        string? unknown = settings.GetChildren()
            .Select(section => section.Key)
            .FirstOrDefault(name => !Sections.Contains(name, StringComparer.OrdinalIgnoreCase));
        return unknown is not null
            ? throw new CommandException(
                $"There is no setting {Target}:{unknown}. Those of the target begin with "
                + string.Join(", ", Sections.Select(section => $"{Target}:{section}")))
            : settings.GetConnectionString("KeySets") is not null
                ? settings
                : throw new CommandException(
                    $"Set {Target}:ConnectionStrings:KeySets, and {Target}:Database:Provider if need be.");
    }
}

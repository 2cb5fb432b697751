using System.Net.Http.Headers;
using KeySets.Api.Data;
using KeySets.Api.Data.Reading;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Hosting.Health;
using KeySets.Model;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Identity.Web;

namespace KeySets.Tests.Support;

/// <summary>
/// The service, with its own database and key ring in a temporary folder, and with a real issuer of its tokens.
/// </summary>
public sealed class KeySetsApplication : WebApplicationFactory<Program>
{
    /// <summary>The permission to read.</summary>
    public const string Read = "TrustFrameworkKeySet.Read.All";

    /// <summary>The permission to read and write.</summary>
    public const string ReadWrite = "TrustFrameworkKeySet.ReadWrite.All";

    /// <summary>The permission to read audit events.</summary>
    public const string ReadAudit = "TrustFrameworkKeySet.Audit.Read.All";

    private readonly TemporaryFolder _folder = new();
    private readonly bool _hasTwoInstances = TestDatabase.FixtureHas(OnEveryDatabaseAttribute.TwoInstances);
    private WebApplicationFactory<Program>? _second;
    private readonly Dictionary<string, string> _settings;

    /// <summary>A service that accepts tokens of <see cref="Issuer"/>, with further settings.</summary>
    public KeySetsApplication(params (string Key, string Value)[] settings)
        : this(new Dictionary<string, string>
        {
            ["Authentication:Schemes:Bearer:Authority"] = TokenIssuer.Authority,
            ["Authentication:Schemes:Bearer:ValidAudiences:0"] = TokenIssuer.Audience,
        })
    {
        foreach ((string key, string value) in settings)
        {
            _settings[key] = value;
        }
    }

    private KeySetsApplication(Dictionary<string, string> settings)
    {
        _settings = settings;
        Database = TestDatabase.Create(_folder);
    }

    /// <summary>The issuer whose tokens the service accepts.</summary>
    public TokenIssuer Issuer { get; } = new();

    /// <summary>An additional receiver of the log; null for none.</summary>
    public LogCollector? Log { get; init; }

    /// <summary>The clock of the service; null for that of the system.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The folder of the database and its key ring.</summary>
    public string DataFolder => _folder.FullPath;

    /// <summary>The database of the service.</summary>
    public TestDatabase Database { get; }

    /// <summary>The service's own access to the database, for tests that look at rows.</summary>
    public Database Rows => Services.GetRequiredService<Database>();

    /// <summary>The scan that follows the start. It would count damage too that a test makes.</summary>
    public Task ScanOfStart => Services.GetRequiredService<SealedRowsScan>().ExecuteTask!;

    /// <summary>A client without a token.</summary>
    public HttpClient Anonymous => CreateClient();

    /// <summary>A client that may read.</summary>
    public HttpClient Reader => ClientWith(Issuer.CreateToken(Read));

    /// <summary>A client that may read and write.</summary>
    public HttpClient Writer => ClientWith(Issuer.CreateToken(ReadWrite));

    /// <summary>A service on Kestrel, as in production, on a free port.</summary>
    public static KeySetsApplication OnWebServer(params (string Key, string Value)[] settings)
    {
        KeySetsApplication application = new(settings);
        application.UseKestrel(0);
        return application;
    }

    /// <summary>A service that accepts tokens of Microsoft Entra ID. <see cref="Issuer"/> stands in for it.</summary>
    public static KeySetsApplication WithEntra(string client, string tenant) => new(new Dictionary<string, string>
    {
        ["AzureAd:Instance"] = $"{TokenIssuer.Authority}/",
        ["AzureAd:ClientId"] = client,
        ["AzureAd:TenantId"] = tenant,
    });

    /// <summary>A service that accepts tokens signed with a secret, as <c>dotnet user-jwts</c> sets it up.</summary>
    public static KeySetsApplication WithUserJwts(byte[] secret) => new(new Dictionary<string, string>
    {
        ["Authentication:Schemes:Bearer:ValidAudiences:0"] = TokenIssuer.Audience,
        ["Authentication:Schemes:Bearer:ValidIssuer"] = "dotnet-user-jwts",
        ["Authentication:Schemes:Bearer:SigningKeys:0:Id"] = "1",
        ["Authentication:Schemes:Bearer:SigningKeys:0:Issuer"] = "dotnet-user-jwts",
        ["Authentication:Schemes:Bearer:SigningKeys:0:Value"] = Convert.ToBase64String(secret),
        ["Authentication:Schemes:Bearer:SigningKeys:0:Length"] = $"{secret.Length}",
    });

    /// <summary>The number of stored key sets whose id begins with a prefix.</summary>
    public Task<int> CountKeySetsAsync(string prefix = "") =>
        Rows.ReadAsync(context => context.Set<TrustFrameworkKeySet>().CountAsync(set => set.Id.StartsWith(prefix)));

    /// <summary>The sealed private members of a stored key; null if it has none.</summary>
    public Task<byte[]?> SealedMembersAsync(string id, string kid) => Rows.ReadAsync(context => context
        .Set<TrustFrameworkKey>()
        .Where(key => EF.Property<string>(key, KeySetsDbContext.KeySetId) == id && key.Kid == kid)
        .Select(key => EF.Property<byte[]?>(key, KeySetsDbContext.SealedMembers))
        .SingleOrDefaultAsync());

    /// <summary>The private members of a stored key, which no request returns; null if it has none.</summary>
    public async Task<PrivateMembers?> PrivateMembersAsync(string id, string kid) =>
        await SealedMembersAsync(id, kid) is { } row
            ? Services.GetRequiredService<PrivateMembersProtector>().Unseal(id, kid, row)
            : null;

    /// <summary>Puts a setting in the place of another, before the service starts.</summary>
    public void Override(string key, string value) => _settings[key] = value;

    /// <summary>A client with this token.</summary>
    public HttpClient ClientWith(string token)
    {
        HttpClient client = _hasTwoInstances ? CreateRoundRobinClient() : CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client that sends its requests to two instances in turn.</summary>
    private HttpClient CreateRoundRobinClient()
    {
        _second ??= WithWebHostBuilder(_ => { });
        return CreateDefaultClient(new RoundRobin(_second.Server.CreateHandler()));
    }

    /// <inheritdoc />
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Not Development: there the user secrets of this machine's developer would apply.
        builder.UseEnvironment("Test");
        foreach ((string key, string value) in Database.Settings.Concat(_settings))
        {
            builder.UseSetting(key, value);
        }

        if (Log is not null)
        {
            // A rule for the provider goes before those of the settings.
            builder.ConfigureLogging(logging =>
                logging.AddProvider(Log).AddFilter<LogCollector>(category: null, LogLevel.Trace));
        }

        builder.ConfigureTestServices(services =>
        {
            if (Clock is not null)
            {
                services.AddSingleton(Clock);
            }

            services.Configure<JwtBearerOptions>(
                JwtBearerDefaults.AuthenticationScheme,
                options => options.BackchannelHttpHandler = Issuer.CreateHandler());
            services.Configure<AadIssuerValidatorOptions>(options => options.HttpClientName = nameof(TokenIssuer));
            services.ConfigureHttpClientDefaults(client =>
                client.ConfigurePrimaryHttpMessageHandler(Issuer.CreateHandler));
        });
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Database.Close();
        Issuer.Dispose();
        _folder.Dispose();
    }
}

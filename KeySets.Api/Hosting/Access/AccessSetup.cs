using KeySets.Api.Hosting.Development;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Api.Hosting.Access;

/// <summary>
/// The setup of authentication: bearer tokens of Microsoft Entra ID, of another OpenID Connect issuer, or, in
/// Development, of this run.
/// </summary>
public static partial class AccessSetup
{
    private const string Entra = "AzureAd";
    private const string Issuer = "Authentication:Schemes:Bearer";
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;

    private const int LongestToken = 16 * 1024;

    private static readonly string[] AsymmetricAlgorithms =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly string[] SymmetricAlgorithms = ["HS256", "HS384", "HS512"];

    /// <summary>Adds authentication by the one issuer that is configured, and the permissions.</summary>
    /// <exception cref="StartupException">
    /// Outside of Development, no issuer is configured; or two are; or one is incomplete.
    /// </exception>
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        IConfigurationSection entra = builder.Configuration.GetSection(Entra);
        IConfigurationSection issuer = builder.Configuration.GetSection(Issuer);
        // The section of the issuer comes after it and can set another time.
        builder.Services.Configure<JwtBearerOptions>(
            Scheme, options => options.RefreshInterval = ValidatedTokens.Longest);
        AuthenticationBuilder authentication = builder.Services.AddAuthentication(Scheme);
        switch (entra.Exists(), issuer.Exists())
        {
            case (true, true):
                throw new StartupException(
                    $"Both {Entra} and {Issuer} are set. Set one of them: tokens are taken from one issuer.");
            case (true, false):
                authentication.AddEntra(entra);
                break;
            case (false, true):
                authentication.AddIssuer(issuer, SourcesOf(builder.Configuration));
                break;
            case (false, false) when builder.Environment.IsDevelopment():
                authentication.AddJwtBearer();
                builder.Services.AddDevelopmentIssuer(Scheme);
                break;
            default:
                throw new StartupException(
                    $"No token issuer is set. Set {Entra}:Instance, :TenantId and :ClientId for Microsoft Entra ID, or "
                    + $"{Issuer}:Authority and :ValidAudiences:0 for any other OpenID Connect issuer. The service runs "
                    + "without one only in Development.");
        }

        bool hasSharedKeys = issuer.GetSection("SigningKeys").Exists();
        builder.Services.PostConfigure<JwtBearerOptions>(Scheme, options => Restrict(options, hasSharedKeys));
        builder.Services.AddSingleton<ValidatedTokens>();
        builder.Services.AddTransient<BearerTokenHandler>();
        // After JwtBearer and Microsoft.Identity.Web have added the scheme.
        builder.Services.PostConfigure<AuthenticationOptions>(options =>
            options.SchemeMap[Scheme].HandlerType = typeof(BearerTokenHandler));
        // After JwtBearer has made the manager.
        builder.Services.PostConfigure<JwtBearerOptions>(Scheme, ForgetFormerKeys);
        builder.Services.AddPolicies();
    }

    /// <summary>
    /// Tries the settings of the issuer, and the issuer itself, at the start and not at the first request. An issuer
    /// that cannot be reached is only a warning: it may be up when the first request comes.
    /// </summary>
    /// <exception cref="StartupException">JwtBearer or Microsoft.Identity.Web cannot use the settings.</exception>
    public static void CheckAccess(this WebApplication app)
    {
        try
        {
            JwtBearerOptions options = app.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(Scheme);
            app.Lifetime.ApplicationStarted.Register(() => _ = ReachIssuerAsync(app, options));
            if (app.Environment.IsDevelopment() && app.Configuration.GetSection(Issuer).Exists())
            {
                LogOtherIssuer(app.Logger, Issuer, SourcesOf(app.Configuration));
            }
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            throw new StartupException($"The token issuer cannot be used. {exception.Message}");
        }
    }

    private static async Task ReachIssuerAsync(WebApplication app, JwtBearerOptions options)
    {
        try
        {
            await (options.ConfigurationManager?.GetConfigurationAsync(app.Lifetime.ApplicationStopping)
                ?? Task.CompletedTask);
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // The message of the outer exception holds the stack traces of the inner ones.
            LogUnreachableIssuer(app.Logger, options.MetadataAddress, exception.GetBaseException().Message);
        }
    }

    private static void AddEntra(this AuthenticationBuilder authentication, IConfigurationSection section)
    {
        bool hasTenant = section.Has("Authority") || (section.Has("Instance") && section.Has("TenantId"));
        if (!section.Has("ClientId") || !hasTenant)
        {
            throw new StartupException($"{section.Path} needs Instance, TenantId and ClientId.");
        }

        authentication.AddMicrosoftIdentityWebApi(_ => { }, identity =>
        {
            section.Bind(identity);
            // The policies refuse a token without any permission, with 403 as for every issuer.
            identity.AllowWebApiToBeAuthorizedByACL = true;
        });
    }

    /// <returns>
    /// Where the section of the issuer stands, and how to remove what <c>dotnet user-jwts</c> has written.
    /// </returns>
    private static string SourcesOf(IConfiguration configuration) =>
        $"It stands in {SettingSources.Of(configuration, Issuer)}."
        + (SettingSources.HasUserSecrets(configuration, Issuer)
            ? " dotnet user-jwts clear --project KeySets.Api removes what dotnet user-jwts has written there."
            : "");

    private static void AddIssuer(
        this AuthenticationBuilder authentication, IConfigurationSection section, string sources)
    {
        bool hasAuthority = section.Has("Authority") || section.Has("MetadataAddress");
        bool hasKeys = section.GetSection("SigningKeys").Exists()
            && (section.Has("ValidIssuer") || section.Has("ValidIssuers:0"));
        bool hasAudience = section.Has("ValidAudience") || section.Has("ValidAudiences:0");
        if (!(hasAuthority || hasKeys) || !hasAudience)
        {
            throw new StartupException(
                $"{section.Path} needs Authority (or SigningKeys and ValidIssuer) and ValidAudiences:0. {sources}");
        }

        authentication.AddJwtBearer();
    }

    private static bool Has(this IConfigurationSection section, string key) => !string.IsNullOrWhiteSpace(section[key]);

    private static void Restrict(JwtBearerOptions options, bool hasSharedKeys)
    {
        RefusedTokens.Describe(options);
        // Claims keep the names that they have in the token.
        options.MapInboundClaims = false;
        // Nothing asks for the token of a request again.
        options.SaveToken = false;
        // JwtBearer would read the keys of the settings anew for each request.
        options.TokenValidationParameters.IssuerSigningKeys =
            options.TokenValidationParameters.IssuerSigningKeys?.ToArray();
        foreach (TokenHandler handler in options.TokenHandlers)
        {
            handler.MaximumTokenSizeInBytes = LongestToken;
        }

        // Pinned, so that a public key can never serve as the secret of an HMAC.
        options.TokenValidationParameters.ValidAlgorithms =
            hasSharedKeys ? [.. AsymmetricAlgorithms, .. SymmetricAlgorithms] : AsymmetricAlgorithms;
    }

    private static void ForgetFormerKeys(JwtBearerOptions options)
    {
        if (options.ConfigurationManager is BaseConfigurationManager issuer)
        {
            // It would accept the keys that the issuer has taken away for another hour.
            issuer.UseLastKnownGoodConfiguration = false;
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Tokens are those of {Section}, so the token of the page, the printed command and /oauth2/token are off. "
        + "{Sources}")]
    private static partial void LogOtherIssuer(ILogger logger, string section, string sources);

    [LoggerMessage(
        LogLevel.Warning,
        "The token issuer cannot be reached at {MetadataAddress}: until it can be, every token is refused. {Reason}")]
    private static partial void LogUnreachableIssuer(ILogger logger, string? metadataAddress, string reason);
}

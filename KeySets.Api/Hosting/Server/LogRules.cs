using KeySets.Api.Hosting.Access;

namespace KeySets.Api.Hosting.Server;

/// <summary>
/// Silences the log lines of ASP.NET Core that quote what a client has sent, query options, tokens and malformed
/// requests, and those that the service says better. <see cref="Diagnostics.RequestLog"/> and the room of access write
/// lines without values in their place.
/// </summary>
public static class LogRules
{
    // The least level of each category that quotes nothing.
    private static readonly (string Category, LogLevel Level)[] Rules =
    [
        // The URL of each request, with its query. Its scopes, which hold the path alone, stay.
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning),
        // The issuer and the audience of a refused token.
        (typeof(BearerTokenHandler).FullName!, LogLevel.Warning),
        // The first line of a malformed request.
        ("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Warning),
        // That key files are not encrypted, at each start, also of a ring in memory: StorageSetup says it where it is
        // so.
        ("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error),
        // The media types of an Accept header.
        ("Microsoft.AspNetCore.Mvc.Infrastructure.DefaultOutputFormatterSelector", LogLevel.Information),
        ("Microsoft.AspNetCore.Mvc.Infrastructure.ObjectResultExecutor", LogLevel.Error),
        // The origin of a browser's page.
        ("Microsoft.AspNetCore.Cors.Infrastructure.CorsService", LogLevel.Warning),
        // What a proxy says about a client, if it cannot be read.
        ("Microsoft.AspNetCore.HttpOverrides.ForwardedHeadersMiddleware", LogLevel.Information),
        // A key of a URL that cannot be read, as an error of the service.
        ("Microsoft.AspNetCore.OData.Routing.Template", LogLevel.None),
    ];

    /// <summary>Adds the rules for every provider. No setting of <c>Logging</c> has priority over them.</summary>
    public static void AddLogRules(this WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            // A rule for one provider has priority over one for all.
            string?[] providers =
                [null, .. options.Rules.Select(rule => rule.ProviderName).OfType<string>().Distinct()];
            foreach ((string category, LogLevel level) in Rules)
            {
                foreach (string? provider in providers)
                {
                    options.Rules.Add(new LoggerFilterRule(provider, category, level, filter: null));
                }
            }
        });
}

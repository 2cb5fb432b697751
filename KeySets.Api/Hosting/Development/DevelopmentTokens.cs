using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using KeySets.Api.Hosting.Server;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace KeySets.Api.Hosting.Development;

/// <summary>
/// The address at which the <see cref="DevelopmentIssuer"/> gives tokens out, so that the OAuth client of any language gets one: <c>POST
/// /oauth2/token</c> with the client-credentials grant (RFC 6749 section 4.4), <c>/.well-known/openid-configuration</c> and
/// <c>/.well-known/jwks</c>. Every client is known, with any secret.
/// </summary>
public static class DevelopmentTokens
{
    private static readonly PathString[] Paths = ["/oauth2", "/.well-known", DevelopmentPage.Path];

    /// <summary>Adds the address, which the authentication of the pipeline answers.</summary>
    public static void AddDevelopmentTokens(this IServiceCollection services)
    {
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode().AllowClientCredentialsFlow().SetTokenEndpointUris("oauth2/token");
            server.SetAccessTokenLifetime(DevelopmentIssuer.Lifetime).RegisterScopes(Permissions.Read, Permissions.ReadWrite);
            // Asked for by the library and used for nothing here: access tokens are only signed.
            server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))).DisableAccessTokenEncryption();
            server.AddEventHandler<ExtractTokenRequestContext>(handler => handler.UseInlineHandler(ReadFormAsync).SetOrder(int.MinValue));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(Grant));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        services.AddOptions<OpenIddictServerOptions>().Configure<DevelopmentIssuer>((options, issuer) => options.SigningCredentials.Add(issuer.Credentials));
    }

    /// <summary>
    /// Gives tokens to nobody who reached this machine by a name that is not its own: a page of anybody's could give its name the address
    /// of this machine and read what the service answers (DNS rebinding). Where <c>AllowedHosts</c> lists names, those are its own.
    /// </summary>
    public static void UseLocalNamesOnly(this WebApplication app)
    {
        if (app.Services.GetService<DevelopmentIssuer>() is not null && HostNames.Listed(app.Configuration).Length == 0)
        {
            app.Use((context, next) => Paths.Any(path => context.Request.Path.StartsWithSegments(path)) && !IsLocal(context.Request.Host.Host)
                ? throw Refusal.NoResource()
                : next(context));
        }
    }

    /// <summary>Refuses forms that cannot be read, which the library leaves to whoever reads them.</summary>
    private static async ValueTask ReadFormAsync(ExtractTokenRequestContext context)
    {
        HttpRequest request = context.Transaction.GetHttpRequest()!;
        try
        {
            if (request.HasFormContentType)
            {
                await request.ReadFormAsync(context.CancellationToken);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            context.Reject(OpenIddictConstants.Errors.InvalidRequest, "The form cannot be read.");
        }
    }

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static ValueTask Grant(HandleTokenRequestContext context)
    {
        ClaimsIdentity identity = new(nameof(DevelopmentTokens));
        identity.SetClaim(OpenIddictConstants.Claims.Subject, context.ClientId);
        identity.SetResources(DevelopmentIssuer.Name);
        // RFC 6749 section 3.3: who asks for no scope gets the one that stands for all.
        identity.SetScopes(context.Request.GetScopes() is { IsEmpty: false } scopes ? scopes : [Permissions.ReadWrite]);
        context.Principal = new ClaimsPrincipal(identity);
        return default;
    }
}

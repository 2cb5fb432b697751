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
/// The endpoints of the <see cref="DevelopmentIssuer"/>, from which the OAuth client of any language gets a token:
/// <c>POST /oauth2/token</c> with the client-credentials grant (RFC 6749 section 4.4),
/// <c>/.well-known/openid-configuration</c> and <c>/.well-known/jwks</c>. Any client id and any secret are valid.
/// </summary>
public static class DevelopmentTokens
{
    /// <summary>The path of the token endpoint, without a slash in front.</summary>
    internal const string TokenPath = "oauth2/token";

    private static readonly PathString[] Paths = ["/oauth2", "/.well-known", DevelopmentPage.Path];

    /// <summary>Adds the endpoints. The authentication middleware answers them.</summary>
    public static void AddDevelopmentTokens(this IServiceCollection services)
    {
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode().AllowClientCredentialsFlow().SetTokenEndpointUris(TokenPath);
            server.SetAccessTokenLifetime(DevelopmentIssuer.Lifetime);
            server.RegisterScopes(Permissions.Read, Permissions.ReadWrite, Permissions.ReadAudit);
            // OpenIddict demands an encryption key, but access tokens are only signed here.
            server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));
            server.DisableAccessTokenEncryption();
            server.AddEventHandler<ExtractTokenRequestContext>(handler =>
                handler.UseInlineHandler(ReadFormAsync).SetOrder(int.MinValue));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(Grant));
            server.AddEventHandler<ApplyTokenResponseContext>(handler =>
                handler.UseInlineHandler(NameLanguage).SetOrder(int.MinValue));
            server.UseAspNetCore().DisableTransportSecurityRequirement();
        });
        services.AddOptions<OpenIddictServerOptions>().Configure<DevelopmentIssuer>((options, issuer) =>
            options.SigningCredentials.Add(issuer.Credentials));
    }

    /// <summary>
    /// Hides the tokens and the page from requests whose host is not a name of this machine: any web page could point
    /// its own name at this machine and read the answers (DNS rebinding). If <c>AllowedHosts</c> lists names, ASP.NET
    /// Core has already refused all others.
    /// </summary>
    public static void UseLocalNamesOnly(this WebApplication app)
    {
        if (app.Services.GetService<DevelopmentIssuer>() is not null && HostNames.Listed(app.Configuration).Length == 0)
        {
            app.Use((context, next) => IsGuarded(context.Request.Path) && !IsLocal(context.Request.Host.Host)
                ? throw Refusal.NoResource()
                : next(context));
        }
    }

    /// <summary>
    /// Refuses forms that cannot be read. OpenIddict would let the exception of ASP.NET Core through.
    /// </summary>
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
        catch (Exception exception) when (exception
            is InvalidDataException or NotSupportedException or IOException and not BadHttpRequestException)
        {
            context.Reject(OpenIddictConstants.Errors.InvalidRequest, "The form cannot be read.");
        }
    }

    private static ValueTask NameLanguage(ApplyTokenResponseContext context)
    {
        if (context.Error is not null)
        {
            context.Transaction.GetHttpRequest()!.HttpContext.Response.Headers.ContentLanguage = ErrorBody.Language;
        }

        return default;
    }

    private static bool IsGuarded(PathString path) => Paths.Any(guarded => path.StartsWithSegments(guarded));

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    private static ValueTask Grant(HandleTokenRequestContext context)
    {
        ClaimsIdentity identity = new(nameof(DevelopmentTokens));
        identity.SetClaim(OpenIddictConstants.Claims.Subject, context.ClientId);
        identity.SetResources(DevelopmentIssuer.Name);
        // A client that asks for no scope gets those that allow everything (RFC 6749 section 3.3).
        identity.SetScopes(context.Request.GetScopes() is { IsEmpty: false } scopes
            ? scopes
            : [Permissions.ReadWrite, Permissions.ReadAudit]);
        context.Principal = new ClaimsPrincipal(identity);
        return default;
    }
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Support;

/// <summary>An OpenID Connect issuer with a discovery document and keys, served in memory.</summary>
public sealed class TokenIssuer : IDisposable
{
    /// <summary>The URL of the issuer.</summary>
    public const string Authority = "https://issuer.example";

    /// <summary>The audience of its tokens.</summary>
    public const string Audience = "api://keysets";

    private const string KeyId = "issuer-key";
    private const string Discovery = "/.well-known/openid-configuration";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _host;
    private volatile RSA _published;

    /// <summary>Starts the issuer.</summary>
    public TokenIssuer()
    {
        _published = _rsa;
        Key = new RsaSecurityKey(_rsa) { KeyId = KeyId };
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        _host = builder.Build();
        _host.Run(ServeAsync);
        _host.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>The key that signs its tokens.</summary>
    public RsaSecurityKey Key { get; }

    /// <summary>A handler through which a client reaches the issuer.</summary>
    public HttpMessageHandler CreateHandler() => _host.GetTestServer().CreateHandler();

    /// <summary>Creates a token that is valid for an hour, with a permission in scp.</summary>
    public string CreateToken(string permission) => CreateToken(token => token.Claims["scp"] = permission);

    /// <summary>Creates a token that is valid for an hour, with the changes of a test.</summary>
    public string CreateToken(Action<SecurityTokenDescriptor> change)
    {
        SecurityTokenDescriptor token = new()
        {
            Issuer = Authority,
            Audience = Audience,
            NotBefore = DateTime.UtcNow.AddMinutes(-1),
            Expires = DateTime.UtcNow.AddHours(1),
            Claims = new Dictionary<string, object>(),
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        };
        change(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>Takes its key away: from now on it publishes another one under the same kid.</summary>
    public void WithdrawKey(RSA other) => _published = other;

    /// <summary>Makes a token expired.</summary>
    public static void Expire(SecurityTokenDescriptor token)
    {
        token.NotBefore = DateTime.UtcNow.AddHours(-2);
        token.Expires = DateTime.UtcNow.AddMinutes(-10);
    }

    /// <summary>Makes a token valid only later.</summary>
    public static void Postpone(SecurityTokenDescriptor token) => token.NotBefore = DateTime.UtcNow.AddMinutes(10);

    /// <summary>Signs a token with another key, under the kid of the issuer's key.</summary>
    public static void Forge(SecurityTokenDescriptor token, RSA otherKey) => token.SigningCredentials =
        new SigningCredentials(new RsaSecurityKey(otherKey) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256);

    /// <inheritdoc />
    public void Dispose()
    {
        _host.StopAsync().GetAwaiter().GetResult();
        ((IDisposable)_host).Dispose();
        _rsa.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/down", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        JsonWebKey key = JsonWebKeyConverter.ConvertFromRSASecurityKey(
            new RsaSecurityKey(_published.ExportParameters(false)) { KeyId = Key.KeyId });
        string path = context.Request.Path.Value!;
        object document = path.EndsWith(Discovery, StringComparison.Ordinal)
            ? new { issuer = $"{Authority}{path[..^Discovery.Length]}", jwks_uri = $"{Authority}/keys" }
            : new { keys = new[] { new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E } } };
        await context.Response.WriteAsJsonAsync(document);
    }
}

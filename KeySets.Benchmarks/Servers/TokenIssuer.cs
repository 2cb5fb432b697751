using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Benchmarks.Servers;

/// <summary>An OpenID Connect issuer whose RS256 tokens the service verifies, as in production.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    /// <summary>The audience of its tokens.</summary>
    public const string Audience = "api://keysets";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _host;

    private TokenIssuer(int port)
    {
        Authority = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Authority);
        _host = builder.Build();
        _host.Run(ServeAsync);
    }

    /// <summary>Its URL.</summary>
    public string Authority { get; }

    /// <summary>Starts an issuer.</summary>
    public static async Task<TokenIssuer> StartAsync()
    {
        TokenIssuer issuer = new(FreePort.Find());
        await issuer._host.StartAsync();
        return issuer;
    }

    /// <summary>Creates a token that outlasts the measurement.</summary>
    /// <param name="permission">The permission that it carries.</param>
    public string CreateToken(string permission) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Authority,
        Audience = Audience,
        Expires = DateTime.UtcNow.AddDays(1),
        Claims = new Dictionary<string, object> { ["scp"] = permission, ["sub"] = "benchmarks" },
        SigningCredentials = new SigningCredentials(
            new RsaSecurityKey(_rsa) { KeyId = nameof(TokenIssuer) }, SecurityAlgorithms.RsaSha256),
    });

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _rsa.Dispose();
    }

    private Task ServeAsync(HttpContext context)
    {
        JsonWebKey key = JsonWebKeyConverter.ConvertFromRSASecurityKey(
            new RsaSecurityKey(_rsa.ExportParameters(includePrivateParameters: false)));
        object document = context.Request.Path == "/.well-known/openid-configuration"
            ? new { issuer = Authority, jwks_uri = $"{Authority}/keys" }
            : new { keys = new[] { new { kty = key.Kty, kid = nameof(TokenIssuer), n = key.N, e = key.E } } };
        return context.Response.WriteAsJsonAsync(document);
    }
}

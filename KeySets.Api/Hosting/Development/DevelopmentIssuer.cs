using System.Security.Cryptography;
using KeySets.Api.OpenApi;
using KeySets.Model;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Api.Hosting.Development;

/// <summary>
/// The token issuer of a run in Development, if no other issuer is configured. Its key lives as long as the process, so
/// its tokens are valid neither elsewhere nor later.
/// </summary>
public sealed class DevelopmentIssuer : IDisposable
{
    /// <summary>The audience of its tokens, and the issuer of those that do not come from the token endpoint.</summary>
    public const string Name = "urn:keysets:development";

    /// <summary>The lifetime of its tokens.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private static readonly string DocumentedKeySet =
        ApiExamples.Requests("createKeySet").Single(example => example.Title == "documented").Body.ToJsonString();

    private readonly TimeProvider _time;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Creates an issuer with a key of its own.</summary>
    public DevelopmentIssuer(TimeProvider time)
    {
        _time = time;
        ECDsaSecurityKey key = new(_key) { KeyId = Guid.NewGuid().ToString() };
        Credentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>The key and algorithm that sign its tokens.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>Creates a token with a permission, valid for 8 hours.</summary>
    public string CreateToken(string permission)
    {
        DateTime now = _time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name,
            Audience = Name,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + Lifetime,
            Claims = new Dictionary<string, object> { ["scp"] = permission },
            SigningCredentials = Credentials,
        });
    }

    /// <summary>
    /// Makes authentication trust this issuer and no other. Authentication knows the issuer by its key, since its
    /// address is the one that a client happens to use.
    /// </summary>
    public void Configure(JwtBearerOptions options)
    {
        TokenValidationParameters parameters = options.TokenValidationParameters;
        parameters.IssuerValidator = (issuer, _, _) => issuer;
        parameters.ValidAudience = Name;
        parameters.IssuerSigningKey = Credentials.Key;
        // The clock of the service, which a test can move.
        parameters.LifetimeValidator = (notBefore, expires, _, _) =>
        {
            DateTime now = _time.GetUtcNow().UtcDateTime;
            return expires is { } end && (notBefore ?? DateTime.MinValue) <= now && now < end;
        };
    }

    /// <summary>The command that creates the documented key set.</summary>
    /// <param name="root">The URL of the service, without a slash at its end.</param>
    public string Curl(string root) =>
        $"curl -i {root}/trustFramework/keySets -H 'Authorization: Bearer {CreateToken(Permissions.ReadWrite)}' "
        + $"-H 'Content-Type: application/json' -d '{DocumentedKeySet}'";

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}

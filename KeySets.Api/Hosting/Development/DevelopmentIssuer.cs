using System.Security.Cryptography;
using KeySets.Model;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Api.Hosting.Development;

/// <summary>
/// The issuer of a run in Development for which no other is configured. Its key lives as long as the process, so that its
/// tokens are worth nothing elsewhere or later.
/// </summary>
public sealed class DevelopmentIssuer : IDisposable
{
    /// <summary>Who its tokens are for, and who gives those out that are not asked for at an address.</summary>
    public const string Name = "urn:keysets:development";

    /// <summary>How long its tokens are good.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const string SeedKeySet =
        """
        {"@odata.type":"#microsoft.cpim.api.dataModels.trustFrameworkKeySet","keys":[{"@odata.type":"microsoft.cpim.api.dataModels.trustFrameworkKey","k":"K value","x5c":["X5c value"],"x5t":"X5t value","kty":"Kty value","use":"Use value","exp":3,"nbf":3,"kid":"Kid value","e":"E value","n":"N value","d":"D value","p":"P value","q":"Q value","dp":"Dp value","dq":"Dq value","qi":"Qi value"}]}
        """;

    private readonly TimeProvider _time;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes an issuer with a key of its own.</summary>
    public DevelopmentIssuer(TimeProvider time)
    {
        _time = time;
        Credentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = Guid.NewGuid().ToString() }, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>What its tokens are signed with.</summary>
    public SigningCredentials Credentials { get; }

    /// <summary>Makes a token with a permission, good for 8 hours.</summary>
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

    /// <summary>Makes authentication trust this issuer and no other. It is known by its key: its address is whatever a client reached it at.</summary>
    public void Configure(JwtBearerOptions options)
    {
        TokenValidationParameters parameters = options.TokenValidationParameters;
        parameters.IssuerValidator = (issuer, _, _) => issuer;
        parameters.ValidAudience = Name;
        parameters.IssuerSigningKey = Credentials.Key;
        // By the clock of the service, which a test may move.
        parameters.LifetimeValidator = (notBefore, expires, _, _) =>
            expires is { } end && (notBefore ?? DateTime.MinValue) <= _time.GetUtcNow().UtcDateTime && _time.GetUtcNow().UtcDateTime < end;
    }

    /// <summary>The command that creates the documented key set.</summary>
    /// <param name="root">The URL of the service, without a slash at its end.</param>
    public string Curl(string root) =>
        $"curl -i {root}/trustFramework/keySets -H 'Authorization: Bearer {CreateToken(Permissions.ReadWrite)}' -H 'Content-Type: application/json' -d '{SeedKeySet}'";

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();
}

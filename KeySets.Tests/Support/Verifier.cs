using System.Net;
using System.Net.Http.Headers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Support;

/// <summary>
/// A verifier that knows of keys only what is published, and follows what HTTP says of it: it asks again when what it has is older
/// than max-age, with the tag that it has, and never before.
/// </summary>
/// <param name="client">A client without a token.</param>
/// <param name="url">Where the keys are published.</param>
/// <param name="clock">Its clock.</param>
public sealed class Verifier(HttpClient client, string url, TimeProvider clock)
{
    private JsonWebKeySet _keys = new();
    private string? _tag;
    private DateTimeOffset _freshUntil = DateTimeOffset.MinValue;

    /// <summary>How often it has asked.</summary>
    public int Requests { get; private set; }

    /// <summary>How often it was told that nothing has changed.</summary>
    public int Unchanged { get; private set; }

    /// <summary>Whether a token is signed with a key that it knows.</summary>
    public async Task<bool> VerifiesAsync(string token, string issuer, string audience)
    {
        if (clock.GetUtcNow() >= _freshUntil)
        {
            await FetchAsync();
        }

        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = audience,
            IssuerSigningKeys = _keys.GetSigningKeys(),
            TryAllIssuerSigningKeys = false,
            // The token lives by the clock of the test.
            LifetimeValidator = (_, expires, _, _) => expires > clock.GetUtcNow().UtcDateTime,
        });
        return result.IsValid;
    }

    private async Task FetchAsync()
    {
        HttpResponseMessage response = await client.GetAsync(url, _tag is null ? [] : [("If-None-Match", _tag)]);
        Requests++;
        CacheControlHeaderValue cacheControl = response.Headers.CacheControl!;
        Assert.That(cacheControl.Public, Is.True);
        _freshUntil = clock.GetUtcNow() + cacheControl.MaxAge!.Value;
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            Unchanged++;
            return;
        }

        _keys = new JsonWebKeySet(await response.Content.ReadAsStringAsync());
        _tag = response.Header("ETag");
    }
}

using System.Net;
using System.Net.Http.Headers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Support;

/// <summary>
/// A verifier that knows only the published keys, and caches them as HTTP prescribes: it fetches them again, with their
/// ETag, when they are older than max-age, and never before.
/// </summary>
/// <param name="client">A client without a token.</param>
/// <param name="url">The URL of the published keys.</param>
/// <param name="clock">Its clock.</param>
public sealed class Verifier(HttpClient client, string url, TimeProvider clock)
{
    private JsonWebKeySet _keys = new();
    private string? _tag;
    private DateTimeOffset _freshUntil = DateTimeOffset.MinValue;

    /// <summary>The number of its requests.</summary>
    public int Requests { get; private set; }

    /// <summary>The number of 304 answers.</summary>
    public int Unchanged { get; private set; }

    /// <summary>Whether a token is signed with a key that it knows.</summary>
    public async Task<bool> VerifiesAsync(string token, string issuer, string audience)
    {
        if (clock.GetUtcNow() >= _freshUntil)
        {
            await FetchAsync();
        }

        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = audience,
                IssuerSigningKeys = _keys.GetSigningKeys(),
                TryAllIssuerSigningKeys = false,
                // The token expires by the clock of the test.
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

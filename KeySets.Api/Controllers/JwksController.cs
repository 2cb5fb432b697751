using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.Controllers;

/// <summary>
/// What verifiers fetch: the public keys of a set as a JSON Web Key Set (RFC 7517 section 5), for everybody. It is no part of the OData
/// service, but of the web: it has one format, a strong ETag and a lifetime.
/// </summary>
[OutsideOData]
public sealed class JwksController(KeySetsDbContext context, Publishing publishing, TimeProvider time) : ControllerBase
{
    private const string MediaType = "application/jwk-set+json";

    // Nothing of it stands in HTML, and base64 has plus signs.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>GET /trustFramework/keySets('{id}')/jwks</c>: reads the published keys of a set.</summary>
    /// <returns>200 with the JSON Web Key Set; 304 where the client has it.</returns>
    /// <exception cref="RefusalException">404: there is no set with this id, or publishing is turned off; 412: If-Match asks for something else.</exception>
    [HttpGet("trustFramework/keySets('{id}')/jwks")]
    [AllowAnonymous]
    public async Task<IActionResult> Get(string id)
    {
        if (!publishing.IsEnabled)
        {
            throw Refusal.NoResource();
        }

        TrustFrameworkKeySet set = await context.FindKeySetAsync(id) ?? throw Refusal.KeySetNotFound();
        DateTimeOffset now = time.GetUtcNow();
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(PublishedKeys.Of(set.Keys, now.ToUnixTimeSeconds()), Readable);
        Response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue
        {
            Public = true,
            MaxAge = CacheLifetime.Until(PublishedKeys.NextChange(set.Keys, now.ToUnixTimeSeconds()), now),
        };
        // Verifiers in browsers are of other origins.
        Response.Headers.AccessControlAllowOrigin = "*";
        return Preconditions.IsNotModified(HttpContext, Tag(json)) ? StatusCode(StatusCodes.Status304NotModified) : File(json, MediaType);
    }

    private static EntityTagHeaderValue Tag(byte[] json) => new($"\"{Base64Url.EncodeToString(SHA256.HashData(json))}\"");
}

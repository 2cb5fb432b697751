using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeySets.Api.Data;
using KeySets.Api.Data.Reading;
using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.Controllers;

/// <summary>
/// The public keys of a set for verifiers, as a JSON Web Key Set (RFC 7517 section 5), without a token. This resource
/// is not part of the OData service: it has one format, a strong entity tag and a lifetime.
/// </summary>
[OutsideOData]
public sealed class JwksController(Database database, Publishing publishing, TimeProvider time) : ControllerBase
{
    private const string MediaType = "application/jwk-set+json";

    // The answer never stands in HTML: the plus signs of base64 need no escapes.
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>GET /trustFramework/keySets('{id}')/jwks</c>: reads the published keys of a set.</summary>
    /// <returns>200 with the JSON Web Key Set; 304 if the client has it.</returns>
    /// <exception cref="RefusalException">
    /// 404: there is no set with this id, or publishing is turned off; 412: If-Match asks for another entity tag.
    /// </exception>
    [HttpGet($"trustFramework/keySets('{{id}}')/{KeySetOperations.Jwks}")]
    [AllowAnonymous]
    public async Task<IActionResult> Get(string id)
    {
        if (!publishing.IsEnabled)
        {
            throw Refusal.NoResource();
        }

        TrustFrameworkKeySet set =
            await database.ReadAsync(
                context => context.FindKeySetAsync(id, HttpContext.RequestAborted), HttpContext.RequestAborted)
            ?? throw Refusal.KeySetNotFound();
        DateTimeOffset now = time.GetUtcNow();
        PublishedKeys keys = PublishedKeys.Of(set.Keys, now.ToUnixTimeSeconds());
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(keys, Readable);
        Response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue
        {
            Public = true,
            MaxAge = CacheLifetime.Until(PublishedKeys.NextChange(set.Keys, now.ToUnixTimeSeconds()), now),
        };
        return this.UnlessNotModified(TagOf(json), File(json, MediaType));
    }

    private static EntityTagHeaderValue TagOf(byte[] json) =>
        new($"\"{Base64Url.EncodeToString(SHA256.HashData(json))}\"");
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeySets.Api.Data;
using KeySets.Api.Keys;
using KeySets.Api.OData.Answers;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Controllers;

/// <summary>
/// The public keys of a set for verifiers, as a JSON Web Key Set (RFC 7517 section 5), with a strong entity tag and a
/// lifetime.
/// </summary>
/// <param name="database">The sets.</param>
/// <param name="publishing">Whether keys are published.</param>
/// <param name="time">The clock.</param>
internal sealed class Jwks(Database database, Publishing publishing, TimeProvider time)
{
    private const string MediaType = "application/jwk-set+json";

    // The answer never stands in HTML: the plus signs of base64 need no escapes.
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with the published keys of the set that the route names, or with 304.</summary>
    /// <exception cref="RefusalException">
    /// 404: there is no set with this id, or publishing is turned off; 412: If-Match asks for another entity tag.
    /// </exception>
    public async Task AnswerAsync(HttpContext context)
    {
        if (!publishing.IsEnabled)
        {
            throw Refusal.NoResource();
        }

        string id = (string)context.Request.RouteValues["id"]!;
        TrustFrameworkKeySet set = await database.FindKeySetAsync(id) ?? throw Refusal.KeySetNotFound();
        DateTimeOffset now = time.GetUtcNow();
        long seconds = now.ToUnixTimeSeconds();
        TimeSpan lifetime = CacheLifetime.Until(PublishedKeys.NextChange(set.Keys, seconds), now);
        context.Response.Headers.CacheControl = $"public, max-age={(long)lifetime.TotalSeconds}";
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(PublishedKeys.Of(set.Keys, seconds), Readable);
        if (!ConditionalAnswer.IsNotModified(context, TagOf(json)))
        {
            context.Response.ContentType = MediaType;
            context.Response.ContentLength = json.Length;
            await context.Response.Body.WriteAsync(json, context.RequestAborted);
        }
    }

    // Whoever writes a set must not be able to give two of its states one tag: a verifier would keep the first.
    private static string TagOf(byte[] json) => $"\"{Base64Url.EncodeToString(SHA256.HashData(json))}\"";
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Batch;

/// <summary>A request within a batch.</summary>
public static class BatchPart
{
    /// <summary>Takes from a request, as the library has made it, what it still shares with the batch around it.</summary>
    [SuppressMessage("Usage", "CA2234", Justification = "It is the path of a URL that has been taken apart.")]
    public static void Prepare(HttpContext part, bool isJson)
    {
        part.Features.Set<IHttpResponseFeature>(new PartResponse());
        part.Features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature());
        // Nobody is who the batch is: a part that brings a token of its own is judged by that.
        part.Features.Set<IHttpAuthenticationFeature>(null);
        part.Features.Set<IAuthenticateResultFeature>(null);
        // All of a batch is in UTF-8.
        part.Request.Headers.AcceptCharset = default;
        part.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = part.Request.Path.Value!;
        // The library leaves the path as it stood in the URL. Decoded as the web server does it: %2F is no slash.
        part.Request.Path = PathString.FromUriComponent(part.Request.Path.Value!);
        if (isJson && part.Request is { ContentLength: > 0, ContentType: null })
        {
            part.Request.ContentType = MediaTypeNames.Application.Json;
        }
        else if (isJson && part.Request.ContentType?.StartsWith("text/", StringComparison.OrdinalIgnoreCase) == true)
        {
            DecodeText(part.Request);
        }
    }

    /// <summary>Runs a request.</summary>
    /// <param name="part">The request.</param>
    /// <param name="pipeline">What every request passes.</param>
    /// <param name="batch">What earlier requests were about, to which is added what this one is about.</param>
    public static async Task RunAsync(HttpContext part, RequestDelegate pipeline, BatchState batch)
    {
        bool isHead = HttpMethods.IsHead(part.Request.Method);
        part.Request.Path = batch.Resolve(part.Request.Path);
        PathString path = part.Request.Path;
        IServiceProvider services = part.RequestServices;
        await using (AsyncServiceScope scope = services.CreateAsyncScope())
        {
            part.RequestServices = scope.ServiceProvider;
            try
            {
                await pipeline(part);
            }
            finally
            {
                part.RequestServices = services;
            }
        }

        await ((PartResponse)part.Features.GetRequiredFeature<IHttpResponseFeature>()).StartAsync();
        if (isHead)
        {
            part.Response.Body.SetLength(0);
        }

        if (part.Request.GetODataContentId() is { } id && part.Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            batch.Locate(id, part.Response.GetTypedHeaders().Location is { IsAbsoluteUri: true } created ? PathOf(created, part.Request.PathBase) : path);
        }
    }

    /// <summary>
    /// Makes JSON of an answer that is something else: of text a string, of anything else its base64url (OData JSON section 19.5). The
    /// library writes into a batch in JSON whatever the body is, and null for the id of a request that came in multipart without one.
    /// </summary>
    public static async Task PrepareJsonAsync(HttpContext part)
    {
        if (part.Request.GetODataContentId() is null)
        {
            part.Request.SetODataContentId(Guid.NewGuid().ToString());
        }

        _ = MediaTypeHeaderValue.TryParse(part.Response.ContentType, out MediaTypeHeaderValue? type);
        bool isJson = type is not null && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));
        if (isJson || part.Response.Body.Length == 0)
        {
            return;
        }

        using MemoryStream body = new();
        part.Response.Body.Position = 0;
        await part.Response.Body.CopyToAsync(body);
        string text = type is null || type.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(body.ToArray())
            : Base64Url.EncodeToString(body.ToArray());
        part.Response.Body.SetLength(0);
        await JsonSerializer.SerializeAsync(part.Response.Body, text);
    }

    /// <summary>Answers a request with a refusal, whatever its answer was before.</summary>
    public static async Task RefuseAsync(HttpContext part, RefusalException refusal)
    {
        part.Response.Clear();
        RequestIds.Assign(part);
        await Errors.WriteAsync(part, refusal);
        ProtocolHeaders.Complete(part);
    }

    /// <remarks>Text stands in a batch in JSON as a string, which the library leaves as it stands.</remarks>
    private static void DecodeText(HttpRequest request)
    {
        using JsonDocument document = JsonDocument.Parse(request.Body);
        byte[] text = Encoding.UTF8.GetBytes(document.RootElement.GetString() ?? "");
        request.Body = new MemoryStream(text, writable: false);
        request.ContentLength = text.Length;
    }

    private static PathString PathOf(Uri url, PathString pathBase) =>
        PathString.FromUriComponent(url).StartsWithSegments(pathBase, out PathString rest) ? rest : PathString.Empty;

    /// <summary>The answer to a part, which has no server behind it that would call back before it sends the headers.</summary>
    private sealed class PartResponse : HttpResponseFeature
    {
        private readonly Stack<Func<Task>> _callbacks = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _callbacks.Push(() => callback(state));

        public async Task StartAsync()
        {
            while (_callbacks.TryPop(out Func<Task>? callback))
            {
                await callback();
            }

            // The body is written once more within the batch, and not always letter by letter.
            Headers.ContentLength = null;
        }
    }
}

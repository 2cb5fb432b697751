using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using KeySets.Api.Data;
using KeySets.Api.Diagnostics;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Batch;

/// <summary>A request within a batch.</summary>
public static class BatchPart
{
    /// <summary>Separates a request from its batch: ASP.NET Core OData makes them share state.</summary>
    /// <exception cref="RefusalException">400: the body cannot be read.</exception>
    public static void Prepare(HttpContext part, bool isJson)
    {
        part.Features.Set<IHttpResponseFeature>(new PartResponse());
        part.Features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature());
        // Drop the batch's identity: each part is authenticated by itself, by its own token if it has one.
        part.Features.Set<IHttpAuthenticationFeature>(null);
        part.Features.Set<IAuthenticateResultFeature>(null);
        // All of a batch is in UTF-8.
        part.Request.Headers.AcceptCharset = default;
        TakeUrl(part);
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
    /// <param name="pipeline">The part of the pipeline that each part of a batch passes.</param>
    /// <param name="batch">The locations of earlier requests. The location of this one is added.</param>
    /// <param name="transaction">The transaction of the group; null if the request is in none.</param>
    public static async Task RunAsync(
        HttpContext part, RequestDelegate pipeline, BatchState batch, GroupTransaction? transaction)
    {
        bool isHead = HttpMethods.IsHead(part.Request.Method);
        part.Request.Path = batch.Resolve(part.Request.Path);
        PathString path = part.Request.Path;
        await InScopeAsync(part, async services =>
        {
            services.GetRequiredService<WriteScope>().Group = transaction;
            await pipeline(part);
        });
        await ((PartResponse)part.Features.GetRequiredFeature<IHttpResponseFeature>()).StartAsync();
        if (isHead)
        {
            part.Response.Body.SetLength(0);
        }

        if (part.Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            Locate(part, path, batch);
        }
    }

    /// <summary>Adds the location of what a request was about, once it has succeeded.</summary>
    /// <param name="part">The request.</param>
    /// <param name="path">The path that it has addressed.</param>
    /// <param name="batch">The locations.</param>
    public static void Locate(HttpContext part, PathString path, BatchState batch)
    {
        if (part.Request.GetODataContentId() is { } id)
        {
            batch.Locate(
                id,
                part.Response.GetTypedHeaders().Location is { IsAbsoluteUri: true } created
                    ? PathOf(created, part.Request.PathBase)
                    : path);
        }
    }

    /// <summary>
    /// Makes the key of an action ahead, if the client may ask for it. A refusal of the client or of the key follows
    /// when the request runs.
    /// </summary>
    public static Task PrepareKeyAsync(HttpContext part, string action) => InScopeAsync(part, async services =>
    {
        if (await FindWriterAsync(part, services) is { } writer)
        {
            await services.GetRequiredService<NewKeys>().PrepareAsync(part.Request, action, writer);
        }
    });

    /// <summary>Who sends a request, if they may write; otherwise null.</summary>
    public static async Task<ClaimsPrincipal?> FindWriterAsync(HttpContext part)
    {
        ClaimsPrincipal? writer = null;
        await InScopeAsync(part, async services => writer = await FindWriterAsync(part, services));
        return writer;
    }

    /// <summary>
    /// Turns an answer that is not JSON into a JSON string: a text as it is, anything else as base64url (OData JSON
    /// section 19.5). ODataLib would write any body unchanged into a JSON batch, and null for the id of a multipart
    /// request without one.
    /// </summary>
    public static async Task PrepareJsonAsync(HttpContext part)
    {
        if (part.Request.GetODataContentId() is null)
        {
            part.Request.SetODataContentId(Guid.NewGuid().ToString());
        }

        _ = MediaTypeHeaderValue.TryParse(part.Response.ContentType, out MediaTypeHeaderValue? type);
        bool isJson = type is not null
            && (type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
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

    /// <summary>Replaces the answer to a request with a refusal.</summary>
    public static async Task RefuseAsync(HttpContext part, RefusalException refusal)
    {
        part.Response.Clear();
        RequestIds.Assign(part);
        await ErrorWriter.WriteAsync(part, refusal);
        ProtocolHeaders.Complete(part);
    }

    /// <summary>Whether the URL of a request is one of this service.</summary>
    public static bool IsWithinService(HttpContext part) => !part.Items.ContainsKey(typeof(BatchUrls));

    private static async Task<ClaimsPrincipal?> FindWriterAsync(HttpContext part, IServiceProvider services)
    {
        AuthenticateResult client = await part.AuthenticateAsync();
        return client.Succeeded
            && (await services.GetRequiredService<IAuthorizationService>()
                .AuthorizeAsync(client.Principal, Permissions.ReadWrite)).Succeeded
                ? client.Principal
                : null;
    }

    private static async Task InScopeAsync(HttpContext part, Func<IServiceProvider, Task> run)
    {
        IServiceProvider services = part.RequestServices;
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        part.RequestServices = scope.ServiceProvider;
        try
        {
            await run(scope.ServiceProvider);
        }
        finally
        {
            part.RequestServices = services;
        }
    }

    /// <remarks>ASP.NET Core OData keeps paths escaped. This method unescapes all but %2F, as Kestrel does.</remarks>
    [SuppressMessage("Usage", "CA2234", Justification = "The string is only the path of a URL.")]
    private static void TakeUrl(HttpContext part)
    {
        bool isWithin = BatchUrls.Take(part.Request);
        part.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = part.Request.Path.Value!;
        try
        {
            part.Request.Path = PathString.FromUriComponent(part.Request.Path.Value!);
        }
        catch (InvalidOperationException)
        {
            // The path has an escaped U+0000, which no URL of the service has.
            isWithin = false;
        }

        if (!isWithin)
        {
            part.Items[typeof(BatchUrls)] = false;
        }
    }

    /// <remarks>ODataLib passes on a text in a JSON batch as a JSON string, with its quotes and escapes.</remarks>
    private static void DecodeText(HttpRequest request)
    {
        byte[] text = Encoding.UTF8.GetBytes(StringOf(request.Body));
        request.Body = new MemoryStream(text, writable: false);
        request.ContentLength = text.Length;
    }

    private static string StringOf(Stream body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.String => document.RootElement.GetString()!,
                JsonValueKind.Null => "",
                _ => throw Refusal.MalformedJsonBatch(),
            };
        }
        catch (JsonException)
        {
            // The body is missing.
            throw Refusal.MalformedJsonBatch();
        }
    }

    private static PathString PathOf(Uri url, PathString pathBase) =>
        PathString.FromUriComponent(url).StartsWithSegments(pathBase, out PathString rest) ? rest : PathString.Empty;

    /// <summary>The answer to a part. It runs the callbacks that a server runs before it sends the headers.</summary>
    private sealed class PartResponse : HttpResponseFeature
    {
        private readonly Stack<Func<Task>> _callbacks = new();

        public override void OnStarting(Func<object, Task> callback, object state) =>
            _callbacks.Push(() => callback(state));

        public async Task StartAsync()
        {
            while (_callbacks.TryPop(out Func<Task>? callback))
            {
                await callback();
            }

            // ODataLib writes the body again into the batch, and can change its length.
            Headers.ContentLength = null;
        }
    }
}

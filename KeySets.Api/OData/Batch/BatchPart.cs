using System.Buffers.Text;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace KeySets.Api.OData.Batch;

/// <summary>A request within a batch.</summary>
public static class BatchPart
{
    /// <summary>Takes from a request, as the library has made it, what it still shares with the batch around it.</summary>
    public static void Prepare(HttpContext part, bool isJson)
    {
        part.Features.Set<IHttpResponseFeature>(new PartResponse());
        part.Features.Set<IHttpRequestIdentifierFeature>(new HttpRequestIdentifierFeature());
        // Nobody is who the batch is: a part that brings a token of its own is judged by that.
        part.Features.Set<IHttpAuthenticationFeature>(null);
        part.Features.Set<IAuthenticateResultFeature>(null);
        if (isJson && part.Request is { ContentLength: > 0, ContentType: null })
        {
            part.Request.ContentType = MediaTypeNames.Application.Json;
        }
    }

    /// <summary>Runs a request.</summary>
    /// <param name="part">The request.</param>
    /// <param name="pipeline">What every request passes.</param>
    /// <param name="locations">The URLs of what was created before, by Content-ID, to which that of this request is added.</param>
    public static async Task RunAsync(HttpContext part, RequestDelegate pipeline, IDictionary<string, string> locations)
    {
        await using AsyncServiceScope scope = part.RequestServices.CreateAsyncScope();
        IServiceProvider services = part.RequestServices;
        part.RequestServices = scope.ServiceProvider;
        // The ids of one change set can be those of another before it, which the library takes for a failure.
        locations.Remove(part.Request.GetODataContentId() ?? "");
        await ODataBatchRequestItem.SendRequestAsync(
            context =>
            {
                // The library leaves the path as it stood in the URL.
                context.Request.Path = new PathString(Uri.UnescapeDataString(context.Request.Path.Value!));
                return pipeline(context);
            },
            part,
            locations);
        part.RequestServices = services;
        await ((PartResponse)part.Features.GetRequiredFeature<IHttpResponseFeature>()).StartAsync();
    }

    /// <summary>
    /// Makes JSON of an answer that is something else: of text a string, of anything else its base64url (OData JSON section 19.2). The
    /// library writes into a batch in JSON whatever the body is.
    /// </summary>
    public static async Task EncodeAsync(HttpContext part)
    {
        _ = MediaTypeHeaderValue.TryParse(part.Response.ContentType, out MediaTypeHeaderValue? type);
        if (type is null || type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        using MemoryStream body = new();
        part.Response.Body.Position = 0;
        await part.Response.Body.CopyToAsync(body);
        string text = type.Type.Equals("text", StringComparison.OrdinalIgnoreCase)
            ? Encoding.UTF8.GetString(body.ToArray())
            : Base64Url.EncodeToString(body.ToArray());
        part.Response.Body.SetLength(0);
        await JsonSerializer.SerializeAsync(part.Response.Body, text);
    }

    /// <summary>Answers a request with a refusal, whatever its answer was before.</summary>
    public static async Task RefuseAsync(HttpContext part, RefusalException refusal)
    {
        part.Response.Clear();
        part.Response.StatusCode = (int)refusal.Status;
        part.Response.Headers[ProtocolHeaders.Version] = ODataUtils.ODataVersionToString(part.Request.GetODataVersion());
        RequestIds.Assign(part);
        await ErrorBody.WriteAsync(part, refusal.Code, refusal.Message, refusal.Target);
    }

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

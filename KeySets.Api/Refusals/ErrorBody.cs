using System.Globalization;
using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using KeySets.Api.Diagnostics;

namespace KeySets.Api.Refusals;

/// <summary>The body of every answer from 400 to 507 (OData JSON section 21.1).</summary>
/// <param name="Error">The error.</param>
public sealed record ErrorBody([property: JsonPropertyName("error")] ErrorContent Error)
{
    /// <summary>The language of messages.</summary>
    public const string Language = "en";

    // Errors never stand in HTML, and people read the messages: no character needs an escape.
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the body. The caller has set the status.</summary>
    public static Task WriteAsync(HttpContext context, string code, string message, string? target = null)
    {
        context.RequestServices.GetRequiredService<Instruments>().Refused(context.Response.StatusCode, code);
        TimeProvider time = context.RequestServices.GetRequiredService<TimeProvider>();
        InnerError inner = new(
            time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            RequestIds.RequestId(context),
            RequestIds.ClientRequestId(context) ?? RequestIds.RequestId(context));
        bool isCloud = CloudRoot.IsRootOf(context.Request);
        ErrorBody body = new(new ErrorContent(
            code, message, target, [], InnerError: isCloud ? null : inner, CloudInnerError: isCloud ? inner : null));
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, Readable);
        context.Response.ContentType = MediaTypeNames.Application.Json;
        context.Response.ContentLength = json.Length;
        context.Response.Headers.ContentLanguage = Language;
        // Without the token of the request: a client that is gone would be logged as a failure of the service.
        return context.Response.Body.WriteAsync(json, CancellationToken.None).AsTask();
    }
}

/// <summary>An error.</summary>
/// <param name="Code">For programs; see <see cref="Refusal"/>.</param>
/// <param name="Message">For people.</param>
/// <param name="Target">The OData path of the member at fault, or the name of the header.</param>
/// <param name="Details">Further errors.</param>
/// <param name="InnerError">Finds the request in the log, as OData names it; null at the root of the cloud API.</param>
/// <param name="CloudInnerError">The same as the cloud API names it; null at the root that is OData.</param>
public sealed record ErrorContent(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("target")] string? Target,
    [property: JsonPropertyName("details")] IReadOnlyList<ErrorContent> Details,
    [property: JsonPropertyName("innererror"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    InnerError? InnerError,
    [property: JsonPropertyName("innerError"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    InnerError? CloudInnerError);

/// <summary>Finds the request in the log.</summary>
/// <param name="Date">The time of the answer, UTC.</param>
/// <param name="RequestId">The id that the service gave the request.</param>
/// <param name="ClientRequestId">
/// The id that the client gave the request; that of the service if the client gave none.
/// </param>
public sealed record InnerError(
    [property: JsonPropertyName("date")] string Date,
    [property: JsonPropertyName("request-id")] string RequestId,
    [property: JsonPropertyName("client-request-id")] string ClientRequestId);

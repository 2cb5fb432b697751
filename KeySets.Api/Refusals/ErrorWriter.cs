using System.Net;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OData;

namespace KeySets.Api.Refusals;

/// <summary>
/// Answers every failure with an <see cref="ErrorBody"/>: refusals, unexpected exceptions, and statuses without a body.
/// </summary>
public static class ErrorWriter
{
    /// <summary>Answers every failure of what follows in the pipeline.</summary>
    public static IApplicationBuilder UseErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = WriteExceptionAsync,
            AllowStatusCode404Response = true,
            // The log tells when the service is at fault, not when the request is.
            SuppressDiagnosticsCallback = failure => failure.Exception
                is RefusalException { Status: < HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented }
                or RefusalException { IsOfLoad: true }
                or BadHttpRequestException
                || IsUnreadableUrl(failure.HttpContext.Features.GetRequiredFeature<IExceptionHandlerFeature>()),
        });
        return app.UseStatusCodePages(pages => WriteStatusAsync(pages.HttpContext));
    }

    /// <summary>Writes a refusal.</summary>
    public static Task WriteAsync(HttpContext context, RefusalException refusal)
    {
        context.Response.StatusCode = (int)refusal.Status;
        if (RetryAfter(refusal.Status) is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds;
        }

        return ErrorBody.WriteAsync(context, refusal.Code, refusal.Message, refusal.Target);
    }

    /// <returns>After how many seconds a client can send the request again; null if that is of no use.</returns>
    private static string? RetryAfter(HttpStatusCode status) => status switch
    {
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => "1",
        // Somebody has to make room first.
        HttpStatusCode.InsufficientStorage => "30",
        _ => null,
    };

    private static Task WriteExceptionAsync(HttpContext context)
    {
        IExceptionHandlerFeature failure = context.Features.GetRequiredFeature<IExceptionHandlerFeature>();
        switch (failure.Error)
        {
            case { } when IsUnreadableUrl(failure):
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return WriteStatusAsync(context);
            case RefusalException refusal:
                return WriteAsync(context, refusal);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return WriteAsync(context, Refusal.BodyTooLarge());
            case BadHttpRequestException badRequest:
                context.Response.StatusCode = badRequest.StatusCode;
                return WriteStatusAsync(context);
            default:
                return WriteStatusAsync(context);
        }
    }

    /// <remarks>Routing makes ODataLib read the URL, and ODataLib throws at a URL that it cannot read.</remarks>
    private static bool IsUnreadableUrl(IExceptionHandlerFeature failure) =>
        failure is { Error: ODataException, Endpoint: null };

    private static Task WriteStatusAsync(HttpContext context) =>
        WriteAsync(context, Refusal.OfStatus((HttpStatusCode)context.Response.StatusCode));
}

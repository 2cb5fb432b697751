using System.Net;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Keys;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OData;

namespace KeySets.Api.OData;

/// <summary>Turns every failure into an <see cref="ErrorBody"/>: refusals, unexpected exceptions, and statuses that came without a body.</summary>
public static class Errors
{
    /// <summary>Writes the error of whatever fails further down.</summary>
    public static void UseErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = WriteExceptionAsync,
            AllowStatusCode404Response = true,
            // A request at fault is no event for the log; a service at fault is.
            SuppressDiagnosticsCallback = failure => failure.Exception
                is RefusalException { Status: < HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented } or BadHttpRequestException
                || IsUnreadableUrl(failure.HttpContext.Features.Get<IExceptionHandlerFeature>()!),
        });
        app.UseStatusCodePages(pages => WriteStatusAsync(pages.HttpContext));
    }

    /// <summary>Writes a refusal.</summary>
    public static Task WriteAsync(HttpContext context, RefusalException refusal)
    {
        context.Response.StatusCode = (int)refusal.Status;
        if (refusal.Status == HttpStatusCode.ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return ErrorBody.WriteAsync(context, refusal.Code, refusal.Message, refusal.Target);
    }

    private static Task WriteExceptionAsync(HttpContext context)
    {
        IExceptionHandlerFeature failure = context.Features.Get<IExceptionHandlerFeature>()!;
        switch (failure.Error)
        {
            case { } when IsUnreadableUrl(failure):
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return WriteStatusAsync(context);
            case RefusalException refusal:
                return WriteAsync(context, refusal);
            case { } error when SqliteFailure.RefusalOf(error) is { } refusal:
                return WriteAsync(context, refusal);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return WriteAsync(context, Refusal.BodyTooLarge(JsonBody.MaximumBytes / 1024));
            case BadHttpRequestException badRequest:
                context.Response.StatusCode = badRequest.StatusCode;
                return WriteStatusAsync(context);
            default:
                return WriteStatusAsync(context);
        }
    }

    /// <remarks>The library reads the URL while it looks for the endpoint, and throws at what it cannot read.</remarks>
    private static bool IsUnreadableUrl(IExceptionHandlerFeature failure) => failure is { Error: ODataException, Endpoint: null };

    private static Task WriteStatusAsync(HttpContext context)
    {
        if (context.Response.StatusCode == StatusCodes.Status406NotAcceptable)
        {
            return WriteAsync(context, Refusal.NotAcceptable());
        }

        (string code, string message) = (HttpStatusCode)context.Response.StatusCode switch
        {
            HttpStatusCode.BadRequest => ("BadRequest", "The request cannot be read."),
            HttpStatusCode.Unauthorized => ("InvalidAuthenticationToken", "The request needs a valid access token: Authorization: Bearer {token}."),
            HttpStatusCode.Forbidden => ("Authorization_RequestDenied", "The access token lacks the permission for this operation."),
            HttpStatusCode.NotFound => ("NotFound", "There is no resource at this URL."),
            HttpStatusCode.MethodNotAllowed => ("MethodNotAllowed", "The resource does not support this method. The Allow header lists those that it does."),
            HttpStatusCode.InternalServerError => ("InternalServerError", "The service failed. Its log has the reason under the request-id."),
            HttpStatusCode status => (status.ToString(), ReasonPhrases.GetReasonPhrase((int)status)),
        };
        return ErrorBody.WriteAsync(context, code, message);
    }
}

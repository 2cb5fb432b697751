using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.Diagnostics;

/// <summary>
/// The ids of a request: the one of the service, which is on every answer and in every log line, and the one that the
/// client may give it.
/// </summary>
public static class RequestIds
{
    private const string RequestIdHeader = "request-id";
    private const string ClientRequestIdHeader = "client-request-id";
    private const int LongestClientRequestId = 128;

    private static readonly Func<ILogger, string, IDisposable?> Scope =
        LoggerMessage.DefineScope<string>("request-id:{RequestId}");

    /// <summary>Gives each request an id, writes the ids to the answer, and logs the request.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        ILogger logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestIds));
        return app.Use(async (context, next) =>
        {
            context.TraceIdentifier = NewId();
            // Not before: an answer that fails begins anew, without headers.
            context.Response.OnStarting(WriteHeadersAsync, context);
            using (Scope(logger, context.TraceIdentifier))
            {
                long start = Stopwatch.GetTimestamp();
                await next(context);
                RequestLog.Answered(logger, context, start);
            }
        });
    }

    /// <summary>Gives a request an id, and writes the ids to the answer at once.</summary>
    public static void Assign(HttpContext context)
    {
        context.TraceIdentifier = NewId();
        WriteHeaders(context);
    }

    /// <summary>Whether the answer has the ids already.</summary>
    public static bool AreAssigned(HttpContext context) => context.Response.Headers.ContainsKey(RequestIdHeader);

    /// <summary>The id that the service gave the request: a GUID.</summary>
    public static string RequestId(HttpContext context) => context.TraceIdentifier;

    /// <summary>
    /// The id that the client gave the request; null if it gave none, more than one, or one that is not short and
    /// printable.
    /// </summary>
    public static string? ClientRequestId(HttpContext context)
    {
        StringValues header = context.Request.Headers[ClientRequestIdHeader];
        return header is [{ Length: > 0 and <= LongestClientRequestId } id]
            && id.All(character => character is >= ' ' and <= '~') ? id : null;
    }

    private static string NewId() => Guid.NewGuid().ToString();

    private static Task WriteHeadersAsync(object state)
    {
        WriteHeaders((HttpContext)state);
        return Task.CompletedTask;
    }

    private static void WriteHeaders(HttpContext context)
    {
        context.Response.Headers[RequestIdHeader] = RequestId(context);
        context.Response.Headers[ClientRequestIdHeader] = ClientRequestId(context);
    }
}

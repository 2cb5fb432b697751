using System.Diagnostics;

namespace KeySets.Api.Diagnostics;

/// <summary>
/// One line for each request and each part of a batch, at level Debug: the method, the path, the names of the query
/// options and the status. Values of options are secrets of the client now and then, and are left out.
/// </summary>
public static partial class RequestLog
{
    private const int MostOptions = 16;
    private const int LongestName = 64;

    /// <summary>Logs a request that has been answered.</summary>
    public static void Answered(ILogger logger, HttpContext context, long start)
    {
        if (logger.IsEnabled(LogLevel.Debug))
        {
            HttpRequest request = context.Request;
            LogAnswered(
                logger,
                request.Method,
                // Escaped, so that no line break of a URL breaks the line.
                $"{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{Names(request.Query.Keys)}",
                context.Response.StatusCode,
                Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    private static string Names(ICollection<string> options) => options.Count == 0
        ? ""
        : $"?{string.Join('&', options.Take(MostOptions).Select(name =>
            Uri.EscapeDataString(name.Length > LongestName ? $"{name[..LongestName]}…" : name)))}";

    [LoggerMessage(LogLevel.Debug, "{Method} {Url} {Status} in {Milliseconds:0.0} ms")]
    private static partial void LogAnswered(
        ILogger logger, string method, string url, int status, double milliseconds);
}

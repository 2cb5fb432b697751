using KeySets.Api.Data;
using KeySets.Api.Data.Reading;
using KeySets.Api.Refusals;

namespace KeySets.Api.OData.Queries;

/// <summary>Runs the queries of requests against the database.</summary>
public sealed partial class QueryReads(Database database, ILogger<QueryReads> logger)
{
    /// <summary>Runs a query. It ends when the client goes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">The options that the query was made of.</param>
    /// <param name="read">Reads from the context. It can run twice.</param>
    /// <exception cref="RefusalException">501: an expression is not supported; 503: see the database.</exception>
    /// <remarks>
    /// EF Core translates every expression that passes QueryLimits, as far as the random tests of queries show. If it
    /// fails nevertheless, the request is refused. If the client sent no expression, the service is at fault, and the
    /// exception passes through.
    /// </remarks>
    public async Task<T> RunAsync<T>(
        HttpRequest request, QueryOptions options, Func<KeySetsDbContext, CancellationToken, Task<T>> read)
    {
        CancellationToken aborted = request.HttpContext.RequestAborted;
        try
        {
            return await database.ReadAsync(context => read(context, aborted), aborted);
        }
        catch (UntranslatableQueryException exception) when (options.HasExpressions)
        {
            LogUntranslatable(logger, exception.InnerException!.GetType());
            throw Refusal.UnsupportedExpression();
        }
    }

    /// <remarks>Logs only the type: the message can quote the client's text.</remarks>
    [LoggerMessage(LogLevel.Warning, "A query could not be translated: {Type}")]
    private static partial void LogUntranslatable(ILogger logger, Type type);
}

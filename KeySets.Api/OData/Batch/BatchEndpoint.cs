using KeySets.Api.Data;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.OData.Batch;

namespace KeySets.Api.OData.Batch;

/// <summary><c>POST /$batch</c>: several requests in one (OData Protocol section 11.7).</summary>
public static class BatchEndpoint
{
    /// <summary>
    /// Makes the parts of a batch enter the pipeline here. Each part passes all that is added after this, as an HTTP request
    /// does: it is authorised by itself, for instance.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="before">Adds what a part passes before that, in the place of what only an HTTP request passes.</param>
    public static void UseBatchParts(this WebApplication app, Action<IApplicationBuilder> before) =>
        app.Services.GetRequiredService<BatchPipeline>().StartAt(app, before);

    /// <summary>Maps the endpoint.</summary>
    public static void MapODataBatch(this WebApplication app) => app.MapPost("/$batch", RunAsync).RequireAuthorization();

    private static Task RunAsync(HttpContext context, Database database, BatchPipeline pipeline)
    {
        if (context.Request.GetODataBatchId() is not null)
        {
            throw Refusal.NestedBatch();
        }

        ProtocolChecks.CheckHeaders(context.Request);
        SystemQueryOptions.Canonicalize(context.Request);
        SystemQueryOptions.RefuseAll(context.Request);
        if (context.Request.Query.ContainsKey(SystemQueryOptions.Format))
        {
            throw Refusal.MisplacedQueryOption(SystemQueryOptions.Format);
        }

        return new BatchHandler(database) { PrefixName = "" }.ProcessBatchAsync(context, pipeline.Run);
    }
}

namespace KeySets.Api.OData.Batch;

/// <summary>The part of the pipeline that every part of a batch passes, as an HTTP request does.</summary>
public sealed class BatchPipeline
{
    private RequestDelegate? _run;

    /// <summary>Runs a part of a batch.</summary>
    public RequestDelegate Run => _run!;

    /// <summary>Makes a part of a batch enter the pipeline here.</summary>
    /// <param name="app">The pipeline of an HTTP request. All that is added to it from here on is for the parts too.</param>
    /// <param name="before">Adds the middleware that comes first for a part.</param>
    public void StartAt(IApplicationBuilder app, Action<IApplicationBuilder> before) => app.Use(next =>
    {
        IApplicationBuilder parts = app.New();
        before(parts);
        parts.Run(next);
        _run = parts.Build();
        return next;
    });
}

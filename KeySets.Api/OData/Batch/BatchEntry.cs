namespace KeySets.Api.OData.Batch;

/// <summary>The place in the pipeline at which the parts of a batch enter.</summary>
public sealed class BatchEntry
{
    private RequestDelegate? _run;

    /// <summary>Runs a part of a batch.</summary>
    public RequestDelegate Run => _run!;

    /// <summary>Lets the parts of a batch enter the pipeline here.</summary>
    /// <param name="app">
    /// The pipeline of HTTP requests. Middleware that is added to it from here on runs for parts too.
    /// </param>
    /// <param name="before">Adds the middleware that runs first for a part.</param>
    public void StartAt(IApplicationBuilder app, Action<IApplicationBuilder> before) => app.Use(next =>
    {
        IApplicationBuilder parts = app.New();
        before(parts);
        parts.Run(next);
        _run = parts.Build();
        return next;
    });
}

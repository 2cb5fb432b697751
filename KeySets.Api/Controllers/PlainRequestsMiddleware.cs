namespace KeySets.Api.Controllers;

/// <summary>The place of <see cref="PlainRequests"/> in the pipeline.</summary>
public static class PlainRequestsMiddleware
{
    /// <summary>
    /// Selects the endpoints of <see cref="PlainRequests"/>, so that routing has nothing to do for them.
    /// </summary>
    public static void UsePlainRequests(this WebApplication app)
    {
        PlainRequests requests = ActivatorUtilities.CreateInstance<PlainRequests>(app.Services);
        app.Use((context, next) =>
        {
            if (requests.Find(context.Request) is { } endpoint)
            {
                context.SetEndpoint(endpoint);
            }

            return next(context);
        });
    }
}

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
            if (requests.Find(context.Request) is not { } endpoint)
            {
                return next(context);
            }

            context.SetEndpoint(endpoint);
            // Published keys are for everybody: there is nothing to authenticate, authorize or check.
            return endpoint == requests.GetJwks ? endpoint.RequestDelegate!(context) : next(context);
        });
    }
}

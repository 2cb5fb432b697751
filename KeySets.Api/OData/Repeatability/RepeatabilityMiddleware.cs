using KeySets.Api.Capacity;
using KeySets.Api.Data;
using KeySets.Api.OData.Bodies;
using KeySets.Api.OData.Requests;
using Microsoft.AspNetCore.Http.Features;

namespace KeySets.Api.OData.Repeatability;

/// <summary>The place of <see cref="RepeatableRequests"/> in the pipeline.</summary>
public static class RepeatabilityMiddleware
{
    /// <summary>
    /// Carries a repeatable POST, PUT, PATCH or DELETE out once. Those of a change set are carried out together, by the
    /// batch.
    /// </summary>
    public static void UseRepeatability(this WebApplication app) => app.Use((context, next) =>
        RepeatabilityHeaders.AreIn(context.Request.Headers)
        && ProtocolChecks.IsOData(context)
        && !HttpMethods.IsGet(context.Request.Method)
        && !HttpMethods.IsHead(context.Request.Method)
        && context.RequestServices.GetRequiredService<WriteScope>() is { Group: null } scope
            ? RunAsync(context, scope, next)
            : next(context));

    private static async Task RunAsync(HttpContext context, WriteScope scope, RequestDelegate next)
    {
        TimeProvider time = context.RequestServices.GetRequiredService<TimeProvider>();
        RepeatabilityHeaders.SetResult(context, isAccepted: false);
        ReadOnlyMemory<byte> body = await JsonBody.PeekBytesAsync(context.Request);
        RepeatableRequest request =
            RepeatableRequest.Of(CallerSeats.NameOf(context.User), [(context.Request, body)], time.GetUtcNow());
        request.Accept([context]);
        IHttpResponseBodyFeature client = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using MemoryStream answer = new();
        context.Response.Body = answer;
        try
        {
            await context.RequestServices.GetRequiredService<RepeatableRequests>().RunAsync(
                request, [context], () => PrepareAsync(context), async transaction =>
                {
                    scope.Group = transaction;
                    await next(context);
                    return context.Response.StatusCode < StatusCodes.Status400BadRequest;
                });
        }
        finally
        {
            context.Features.Set(client);
        }

        // Kestrel refuses to write even nothing where a status has no body.
        if (answer.Length > 0)
        {
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length));
        }
    }

    private static Task PrepareAsync(HttpContext context) => NewKeys.ActionOf(context.Request.Path) is { } action
        ? context.RequestServices.GetRequiredService<NewKeys>().PrepareAsync(context.Request, action, context.User)
        : Task.CompletedTask;
}

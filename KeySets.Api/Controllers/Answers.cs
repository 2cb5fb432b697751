using KeySets.Api.OData.Answers;
using KeySets.Api.OData.Queries;
using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OData.Extensions;

namespace KeySets.Api.Controllers;

/// <summary>
/// The answers that several actions give: their statuses and headers are written here and nowhere else.
/// </summary>
internal static class Answers
{
    /// <summary>Answers a read of a resource that has no entity tag of its own.</summary>
    /// <returns>200 with the selected part.</returns>
    public static IActionResult Shown<T>(this ControllerBase controller, Selected<T> resource)
    {
        if (resource.Selection is null)
        {
            return controller.Whole(resource.Value!);
        }

        // The formatter takes from the request which part of the resource it writes.
        controller.Request.ODataFeature().SelectExpandClause = resource.Selection;
        return controller.Ok(resource.Value);
    }

    /// <summary>Answers with all of a resource.</summary>
    /// <returns>200, or another status, with the resource.</returns>
    public static IActionResult Whole(
        this ControllerBase controller, object resource, int status = StatusCodes.Status200OK) =>
        PlainAnswer.CanWrite(resource) && PlainFormat.Of(controller.Request) is { } format
            ? new PlainAnswer(format, resource, status)
            : controller.StatusCode(status, resource);

    /// <summary>Answers a read of a property.</summary>
    /// <returns>200 with the value; 204 if it is null (OData Protocol section 11.2.4).</returns>
    public static IActionResult Shown(this ControllerBase controller, object? value) =>
        value is null ? controller.NoContent() : controller.Ok(value);

    /// <summary>Answers a conditional read.</summary>
    /// <param name="controller">The controller.</param>
    /// <param name="tag">The entity tag of the resource.</param>
    /// <param name="resource">The answer to a client that does not have the resource yet.</param>
    /// <returns>304 if the client has the resource, else the answer; either with the entity tag.</returns>
    /// <exception cref="RefusalException">
    /// 400: a header is malformed; 412: the tag is none that If-Match asks for.
    /// </exception>
    public static IActionResult UnlessNotModified(
        this ControllerBase controller, string tag, IActionResult resource) =>
        ConditionalAnswer.IsNotModified(controller.HttpContext, tag)
        ? controller.StatusCode(StatusCodes.Status304NotModified)
        : resource;

    /// <summary>Answers a write of a whole set.</summary>
    /// <returns>200, or 201 with Location; 204 if the client prefers no body.</returns>
    public static IActionResult Written(this ControllerBase controller, TrustFrameworkKeySet set, bool created)
    {
        string? location = created ? ResourceUrls.Of(controller.Request, set).AbsoluteUri : null;
        controller.Response.Headers.Location = location;
        IActionResult answer = controller.Written(
            set, controller.Whole(set, created ? StatusCodes.Status201Created : StatusCodes.Status200OK));
        if (answer is NoContentResult)
        {
            // Updates send neither Location nor OData-EntityId: clients reject one without the other.
            controller.Response.Headers["OData-EntityId"] = location;
        }

        return answer;
    }

    /// <summary>Answers a write that shows private members, which no cache may keep.</summary>
    /// <param name="controller">The controller.</param>
    /// <param name="set">The set that was written.</param>
    /// <param name="representation">The answer to a client that wants a body.</param>
    /// <returns>The answer; 204 if the client prefers no body; either with the entity tag of the set.</returns>
    public static IActionResult Written(
        this ControllerBase controller, TrustFrameworkKeySet set, IActionResult representation)
    {
        Preference<bool>? preference = Preferences.Return(controller.Request.Headers);
        IActionResult answer =
            controller.Changed(set, preference is { Value: false } ? controller.NoContent() : representation);
        controller.Response.Headers.CacheControl = "no-store";
        AppliedPreferences.Add(controller.Response, preference);
        return answer;
    }

    /// <summary>Answers a change of a set.</summary>
    /// <param name="controller">The controller.</param>
    /// <param name="set">The set that was changed.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>The answer with the new entity tag of the set.</returns>
    public static IActionResult Changed(this ControllerBase controller, TrustFrameworkKeySet set, IActionResult answer)
    {
        controller.Response.Headers.ETag = EntityTag.TextOf(set);
        return answer;
    }
}

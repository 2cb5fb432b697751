using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace KeySets.Api.Refusals;

/// <summary>
/// Every refusal of the service, by name; the files beside this one hold them by subject. The AADB2C codes are those of
/// the published Azure AD B2C list. Messages name members and limits, never values.
/// </summary>
public static partial class Refusal
{
    private const int LongestTarget = 256;
    private const string NotImplementedCode = "NotImplemented";
    private const string WrongFormat = "AADB2C95034";
    private const string MalformedKey = "AADB2C95026";

    /// <summary>The refusal behind a status that ASP.NET Core has set without a body.</summary>
    public static RefusalException OfStatus(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest => BadRequest("The request cannot be read."),
        HttpStatusCode.Unauthorized => new(
            status,
            "InvalidAuthenticationToken",
            "The request needs a valid access token: Authorization: Bearer {token}."),
        HttpStatusCode.Forbidden => new(
            status, "Authorization_RequestDenied", "The access token lacks the permission for this operation."),
        HttpStatusCode.NotFound => NoResource(),
        HttpStatusCode.MethodNotAllowed => new(
            status,
            "MethodNotAllowed",
            "The resource does not support this method. The Allow header lists the methods that it supports."),
        HttpStatusCode.NotAcceptable => NotAcceptable(),
        HttpStatusCode.InternalServerError => new(
            status, "InternalServerError", "The service failed. Its log tells the reason under the request-id."),
        _ => new(status, status.ToString(), ReasonPhrases.GetReasonPhrase((int)status)),
    };

    private static RefusalException BadRequest(string message, string? target = null, string code = "BadRequest") =>
        new(HttpStatusCode.BadRequest, code, message, target?.TrimStart('/') is { Length: > 0 } path ? path : null);

    private static RefusalException NotSupported(string message, string? target = null) =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, message, target);

    private static string Shortened(string target) => target.Length <= LongestTarget ? target : target[..LongestTarget];
}

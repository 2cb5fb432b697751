using System.Net;

namespace KeySets.Api.Refusals;

/// <content>Refusals of URLs and headers.</content>
public static partial class Refusal
{
    private const string RepeatabilityRequestId = "Repeatability-Request-ID";

    public static RefusalException NoResource() =>
        new(HttpStatusCode.NotFound, "NotFound", "There is no resource at this URL.");

    public static RefusalException UnsupportedResource() =>
        NotSupported("The URL addresses a resource that OData allows and this service does not support.");

    public static RefusalException NotAcceptable(string target = "Accept") => new(
        HttpStatusCode.NotAcceptable,
        "NotAcceptable",
        "The service can write no media type of the Accept header or of $format.",
        target);

    public static RefusalException BadHost() =>
        BadRequest("No link can be built with the host of the Host header.", "Host");

    public static RefusalException BadEntityTags(string header) =>
        BadRequest("The header is neither * nor a list of entity tags (RFC 9110 section 8.8.3).", header);

    public static RefusalException UnsupportedIsolation(string header) => new(
        HttpStatusCode.PreconditionFailed,
        "PreconditionFailed",
        "The service does not support snapshot isolation.",
        header);

    public static RefusalException BadRepeatability(string header) => BadRequest(
        "A repeatable request has a UUID as its Repeatability-Request-ID and an IMF-fixdate as its "
        + "Repeatability-First-Sent. A Repeatability-Client-ID is a UUID.",
        header);

    public static RefusalException RepeatabilityOfBatch() => BadRequest(
        "A batch cannot be repeatable. Its requests can; those of a change set have the same headers.",
        RepeatabilityRequestId);

    public static RefusalException UnequalRepeatability() => BadRequest(
        "The requests of a repeatable change set have the same Repeatability-Request-ID and Repeatability-First-Sent.",
        RepeatabilityRequestId);

    public static RefusalException OtherRequest() => BadRequest(
        "This Repeatability-Request-ID was used for another request.", RepeatabilityRequestId);

    public static RefusalException ForgottenRequest(string header) => new(
        HttpStatusCode.PreconditionFailed,
        "PreconditionFailed",
        "The service remembers requests for a day. Whether this one was carried out before cannot be told.",
        header);

    public static RefusalException UnsupportedVersion(string header) =>
        BadRequest("The service supports OData 4.0 and 4.01.", header);
}

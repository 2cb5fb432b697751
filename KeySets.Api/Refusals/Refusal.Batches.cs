using System.Net;

namespace KeySets.Api.Refusals;

/// <content>Refusals of batches and of their parts.</content>
public static partial class Refusal
{
    public static RefusalException UnsupportedBatchType() => new(
        HttpStatusCode.UnsupportedMediaType,
        "UnsupportedMediaType",
        "A batch must be multipart/mixed with a boundary, or application/json.",
        "Content-Type");

    public static RefusalException MalformedJsonBatch() => BadRequest(
        "The batch cannot be read: it does not follow OData JSON section 19.1.");

    public static RefusalException MalformedMultipartBatch() => BadRequest(
        "The batch cannot be read: it does not follow OData Protocol section 11.7.7, a request in a change set has no "
        + "Content-ID of its own, or a method is not GET, POST, PUT, PATCH or DELETE.");

    public static RefusalException UnclosedBatch() =>
        BadRequest("The batch is cut off: a boundary has no end.");

    public static RefusalException BadBatchIds() =>
        BadRequest("Each request of a batch needs an id of its own that is not the name of an atomicity group.", "id");

    public static RefusalException BadDependency() =>
        BadRequest("A request depends on a request that does not come before it.", "dependsOn");

    public static RefusalException ConditionInBatch() =>
        NotSupported("Conditions of requests in a batch are not supported.", "if");

    public static RefusalException BadReference() =>
        BadRequest("The URL refers to a request that does not come before this one.");

    public static RefusalException OutsideOfService() =>
        BadRequest("The URL is outside of this service.", "url");

    public static RefusalException BatchSize(int limit) =>
        BadRequest($"A batch must have 1 to {limit} requests.");

    public static RefusalException TooManyOperations(int limit) => BadRequest(
        $"A change set or an atomicity group can generate or import at most {limit} keys, since all of them are made "
        + "before its first request runs. Send the others outside of it.");

    public static RefusalException UnforeseenOperation() => BadRequest(
        "The URL of this request does not tell before its change set begins that it generates or imports a key. Name "
        + "the action in the URL.");

    public static RefusalException NestedBatch() =>
        BadRequest("A batch cannot be part of a batch.");

    public static RefusalException ReadInChangeSet() =>
        BadRequest("A change set or an atomicity group can hold changes only, no reads.");

    public static RefusalException BatchAnswerTooLarge(long limit) => new(
        HttpStatusCode.InsufficientStorage,
        "InsufficientStorage",
        $"The answers before this one exceed {limit} bytes. Send the request in another batch.");

    public static RefusalException BatchTooSlow(int seconds) => Overloaded(
        $"The requests before this one have taken more than {seconds} s. Send the request in another batch.");

    public static RefusalException TooManyBatches() =>
        Overloaded("Too many batches run or wait, or their answers are too long. Send the request again.");

    public static RefusalException FailedDependency() => new(
        HttpStatusCode.FailedDependency,
        "FailedDependency",
        "Another request failed that this one depends on. This request changed nothing.");
}

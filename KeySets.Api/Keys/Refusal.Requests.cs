using System.Net;

namespace KeySets.Api.Keys;

/// <content>Refusals of requests as such: bodies, protocol, queries and batches.</content>
public static partial class Refusal
{
    // Bodies

    public static RefusalException EmptyBody() =>
        BadRequest("The request has no body.", code: MalformedKey);

    public static RefusalException MalformedJson(long line, long position) =>
        BadRequest($"The body is not JSON (RFC 8259) in UTF-8: see line {line}, byte {position}.", code: MalformedKey);

    public static RefusalException RepeatedMember() =>
        BadRequest("An object of the body has the same member twice.", code: MalformedKey);

    public static RefusalException NestedTooDeep(int limit) =>
        BadRequest($"The body nests objects and arrays more than {limit} deep.", code: MalformedKey);

    public static RefusalException UnknownMember(string path, string type) =>
        BadRequest($"{type} has no such property.", Shortened(path));

    public static RefusalException NotInsertable(string path) =>
        BadRequest("This property shows the keys of the set and cannot be sent: send them in keys.", path);

    public static RefusalException WrongJsonType(string path, string expected) =>
        BadRequest($"The value is not of type {expected}.", path);

    public static RefusalException UnreadableText(string? path = null) =>
        BadRequest("The body holds text that is not Unicode, or U+0000.", path, MalformedKey);

    public static RefusalException WrongEntityType(string path, string expected) =>
        BadRequest($"The type here is {expected}.", path);

    public static RefusalException UnsupportedControlInformation(string path) =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, "Deltas, removals and bindings within a body are not supported.", Shortened(path));

    public static RefusalException BodyTooLarge(int kilobytes) =>
        new(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024", $"The body is larger than {kilobytes} KB.");

    public static RefusalException UnsupportedMediaType() =>
        new(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "The body must be application/json in UTF-8, sent as it is: Content-Encoding is not supported.", "Content-Type");

    // Protocol

    public static RefusalException NotAcceptable(string target = "Accept") =>
        new(HttpStatusCode.NotAcceptable, "NotAcceptable", "No media type of the Accept header or of $format can be written.", target);

    public static RefusalException BadHost() =>
        BadRequest("The Host header names no host that a link can be built with.", "Host");

    public static RefusalException UnsupportedIsolation(string header) =>
        new(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "The service does not keep a snapshot for the requests of a client.", header);

    public static RefusalException UnsupportedVersion(string header) =>
        BadRequest("The service speaks OData 4.0 and 4.01.", header);

    // Queries

    public static RefusalException UnsupportedQueryOption(string option) =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, "This system query option is not supported.", Shortened(option));

    public static RefusalException UnsupportedExpression(string? option = null) =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, "An expression has an operator, a function or a path that is not supported.", option);

    public static RefusalException QueryNotInPlainText() =>
        new(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "The options of a query are text/plain in UTF-8, sent as it is: Content-Encoding is not supported.", "Content-Type");

    public static RefusalException NoResource() =>
        new(HttpStatusCode.NotFound, "NotFound", "There is no resource at this URL.");

    public static RefusalException UnsupportedResource() =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, "The URL addresses something that OData allows for and this service does not support.");

    public static RefusalException MisplacedQueryOption(string option) =>
        BadRequest("This system query option does not apply to the resource.", option);

    public static RefusalException RepeatedQueryOption(string option) =>
        BadRequest("The option is there more than once.", Shortened(option));

    public static RefusalException EmptyQueryOption(string option) =>
        BadRequest("The option has no value.", option);

    public static RefusalException BadQueryOption(string option) =>
        BadRequest("The option cannot be read: its syntax, its types or its names are not right.", option);

    public static RefusalException BadQueryOption(string option, string position) =>
        BadRequest($"The option cannot be read: see position {position}.", option);

    public static RefusalException UnknownQueryProperty(string option, string type) =>
        BadRequest($"The option names a property that {type} does not have, or uses one as what it is not.", option);

    public static RefusalException DivisionByZero(string option) =>
        BadRequest("The expression divides by zero.", option);

    public static RefusalException NegativeLength(string option) =>
        BadRequest("The length of a substring is negative.", option);

    public static RefusalException PrivateMemberInQuery(string option) =>
        BadRequest("The private members k, d, p, q, dp, dq and qi can be written, not queried.", option);

    public static RefusalException QueryTooLong(int limit) =>
        BadRequest($"The query is longer than {limit} characters.");

    public static RefusalException LinkTooLong(int limit) =>
        BadRequest($"The link to the next page would have a query of more than {limit} characters.");

    public static RefusalException TooManyQueryOptions(int limit) =>
        BadRequest($"The query has more than {limit} options.");

    public static RefusalException QueryTooDeep(string option, int limit) =>
        BadRequest($"The expression nests more than {limit} deep.", option);

    public static RefusalException TooManyQueryNodes(string option, int limit) =>
        BadRequest($"The expressions have more than {limit} operators, functions, properties and literals.", option);

    public static RefusalException TooManyLambdas(string option, int limit) =>
        BadRequest($"The expression nests any and all more than {limit} deep.", option);

    public static RefusalException TooManyFunctions(string option, int limit) =>
        BadRequest($"The expression nests functions more than {limit} deep.", option);

    public static RefusalException NestedKeys(string option) =>
        BadRequest("Within any and all over keys, the expression can look into x5c, but not over all keys again: 1 level of keys at most.", option);

    public static RefusalException TooManyReferences(int limit) =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, $"There are more than {limit} references. Ask for $expand=keySets($select=id), which has pages.", "$expand");

    public static RefusalException TooManyOrderings(int limit) =>
        BadRequest($"A collection is ordered by at most {limit} expressions.", "$orderby");

    public static RefusalException BadSkipToken() =>
        BadRequest("The token is none that a link of this service has with these options.", "$skiptoken");

    // Batches

    public static RefusalException UnsupportedBatchType() =>
        new(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "A batch is multipart/mixed with a boundary, or application/json.", "Content-Type");

    public static RefusalException MalformedJsonBatch() =>
        BadRequest("The batch cannot be read: it is not as OData JSON section 19.1 has it, or a URL is outside of this service.");

    public static RefusalException MalformedMultipartBatch() =>
        BadRequest("The batch cannot be read: it is not as OData Protocol section 11.7.7 has it, a request in a change set has no Content-ID of its own, "
            + "a method is not GET, POST, PUT, PATCH or DELETE, or a URL is outside of this service.");

    public static RefusalException UnclosedBatch() =>
        BadRequest("The batch is cut off: a boundary has no end.");

    public static RefusalException BadBatchIds() =>
        BadRequest("Each request of a batch has an id of its own, which is not the name of an atomicity group.", "id");

    public static RefusalException BadDependency() =>
        BadRequest("A request depends on one that is not before it.", "dependsOn");

    public static RefusalException ConditionInBatch() =>
        new(HttpStatusCode.NotImplemented, NotImplementedCode, "Requests of a batch cannot depend on conditions.", "if");

    public static RefusalException BadReference() =>
        BadRequest("The URL refers to a request that is not before this one.");

    public static RefusalException BatchSize(int limit) =>
        BadRequest($"A batch has 1 to {limit} requests.");

    public static RefusalException TooManyOperations(int limit) =>
        BadRequest($"A change set and an atomicity group make or import at most {limit} keys: nobody else can write meanwhile. Send the others by themselves.");

    public static RefusalException NestedBatch() =>
        BadRequest("A batch cannot be part of a batch.");

    public static RefusalException ReadInChangeSet() =>
        BadRequest("A change set and an atomicity group hold changes only, nothing that reads.");

    public static RefusalException BatchAnswerTooLarge(long limit) =>
        new(HttpStatusCode.InsufficientStorage, "InsufficientStorage", $"The answers before this one have more than {limit} bytes. Send the request in another batch.");

    public static RefusalException FailedDependency() =>
        new(HttpStatusCode.FailedDependency, "FailedDependency", "Another request failed that this one depends on. Nothing was changed by it.");
}

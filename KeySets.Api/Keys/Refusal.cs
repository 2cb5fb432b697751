using System.Net;

namespace KeySets.Api.Keys;

/// <summary>Every refusal of the service, by name. The AADB2C codes are those of the published Azure AD B2C list.</summary>
public static class Refusal
{
    // Key sets

    public static RefusalException KeySetNotFound() =>
        new(HttpStatusCode.NotFound, "AADB2C90073", "There is no key set with this id.", "id");

    public static RefusalException KeySetExists() =>
        new(HttpStatusCode.Conflict, "AADB2C95028", "A key set with this id already exists.", "id");

    public static RefusalException ForeignPrefix(string prefix) =>
        BadRequest($"A set that is created by its URL has an id that begins with {prefix}.", "id");

    public static RefusalException Changed(string header) =>
        new(HttpStatusCode.PreconditionFailed, "PreconditionFailed", "The key set is not in the state that the header asks for.", header);

    public static RefusalException BadEntityTags(string header) =>
        BadRequest("The header is neither * nor a list of entity tags (RFC 9110 section 8.8.3).", header);

    public static RefusalException BadKeySetId() =>
        BadRequest("An id has 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-', prefix included, and is neither '.' nor '..'.", "id");

    public static RefusalException TooManyKeys(string path, int limit) =>
        BadRequest($"A key set holds at most {limit} keys.", path);

    public static RefusalException RepeatedKid(string path) =>
        BadRequest("Another key of the set has the same kid.", path);

    public static RefusalException MixedKeyTypes(string path) =>
        BadRequest("A key set cannot mix RSA and oct keys.", path, "AADB2C95032");

    public static RefusalException MixedUses(string path) =>
        BadRequest("A key set cannot mix keys for signature (sig) and for encryption (enc).", path, "AADB2C95042");

    // Keys

    public static RefusalException MissingKeyType(string path) =>
        BadRequest("kty is missing.", path, "AADB2C95030");

    public static RefusalException BadUse(string path) =>
        BadRequest("use is neither sig nor enc.", path, "AADB2C95033");

    public static RefusalException MissingSymmetricKey(string path) =>
        BadRequest("An oct key needs k.", path, "AADB2C90253");

    public static RefusalException BadSymmetricKey(string path, int limit) =>
        BadRequest($"k is not base64url (RFC 7515 section 2, without padding) of 1 to {limit} bytes.", path, "AADB2C95029");

    public static RefusalException MissingRsaMember(string path) =>
        BadRequest("An RSA key needs the modulus n and the exponent e.", path, "AADB2C95039");

    public static RefusalException BadPublicInteger(string path) =>
        BadRequest("The value is not a positive integer as base64url without zero bytes in front (RFC 7518 section 2).", path, "AADB2C95039");

    public static RefusalException BadPrivateInteger(string path) =>
        BadRequest("The value is not a positive integer as base64url (RFC 7518 section 2).", path, WrongFormat);

    public static RefusalException BadModulus(string path, int minimum, int maximum) =>
        BadRequest($"The modulus is an odd number of {minimum} to {maximum} bits.", path, "AADB2C95039");

    public static RefusalException BadExponent(string path) =>
        BadRequest("The public exponent is an odd number from 3 to 2^32.", path, "AADB2C95039");

    public static RefusalException IncompletePrivateKey(string path) =>
        BadRequest("A private RSA key needs d, p, q, dp, dq and qi together.", path, WrongFormat);

    public static RefusalException InconsistentPrivateKey(string path) =>
        BadRequest("The private members do not belong to this modulus and exponent.", path, WrongFormat);

    public static RefusalException BadCertificate(string path) =>
        BadRequest("The value is not a certificate as base64 of its DER (RFC 7517 section 4.7).", path, WrongFormat);

    public static RefusalException TooManyCertificates(string path, int limit) =>
        BadRequest($"A chain holds at most {limit} certificates.", path, WrongFormat);

    public static RefusalException ForeignCertificate(string path) =>
        BadRequest("The first certificate is not for this RSA key (RFC 7517 section 4.7).", path, WrongFormat);

    public static RefusalException BadThumbprint(string path) =>
        BadRequest("x5t is not the base64url SHA-1 thumbprint of the first certificate (RFC 7517 section 4.8).", path, WrongFormat);

    public static RefusalException NegativeDate(string path) =>
        BadRequest("The date is before 1970-01-01T00:00:00Z.", path, WrongFormat);

    public static RefusalException BadKid(string path, int limit) =>
        BadRequest($"A kid has 1 to {limit} characters.", path);

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

    public static RefusalException WrongJsonType(string path, string expected) =>
        BadRequest($"The value is not of type {expected}.", path);

    public static RefusalException UnreadableText(string? path = null) =>
        BadRequest("The body holds text that is not Unicode, or U+0000.", path, MalformedKey);

    public static RefusalException WrongEntityType(string path, string expected) =>
        BadRequest($"The type here is {expected}.", path);

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
        new(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "The options of a query are sent as text/plain.", "Content-Type");

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

    public static RefusalException PrivateMemberInQuery(string option) =>
        BadRequest("The private members k, d, p, q, dp, dq and qi can be written, not queried.", option);

    public static RefusalException QueryTooLong(int limit) =>
        BadRequest($"The query is longer than {limit} characters.");

    public static RefusalException QueryTooDeep(string option, int limit) =>
        BadRequest($"The expression nests more than {limit} deep.", option);

    public static RefusalException TooManyQueryNodes(string option, int limit) =>
        BadRequest($"The expressions have more than {limit} operators, functions, properties and literals.", option);

    public static RefusalException TooManyLambdas(string option, int limit) =>
        BadRequest($"The expression nests any and all more than {limit} deep.", option);

    public static RefusalException TooManyOrderings(int limit) =>
        BadRequest($"A collection is ordered by at most {limit} expressions.", "$orderby");

    public static RefusalException BadSkipToken() =>
        BadRequest("The token is none that a link of this service has with these options.", "$skiptoken");

    // Batches

    public static RefusalException UnsupportedBatchType() =>
        new(HttpStatusCode.UnsupportedMediaType, "UnsupportedMediaType", "A batch is multipart/mixed with a boundary, or application/json.", "Content-Type");

    public static RefusalException MalformedBatch() =>
        BadRequest("The batch cannot be read: its format, its size, a URL outside of this service, or an id that is there twice or not at all.");

    public static RefusalException BatchSize(int limit) =>
        BadRequest($"A batch has 1 to {limit} requests.");

    public static RefusalException NestedBatch() =>
        BadRequest("A batch cannot be part of a batch.");

    public static RefusalException ReadInChangeSet() =>
        BadRequest("A change set and an atomicity group hold changes only, no GET.");

    public static RefusalException FailedDependency() =>
        new(HttpStatusCode.FailedDependency, "FailedDependency", "Another request failed that this one depends on. Nothing was changed by it.");

    // Storage

    public static RefusalException StorageBusy(Exception cause) =>
        new(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", "The database is busy. Send the request again.", cause: cause);

    public static RefusalException StorageFull(Exception cause) =>
        new(HttpStatusCode.InsufficientStorage, "InsufficientStorage", "The database cannot grow: its disk is full. Nothing was stored.", cause: cause);

    private const int LongestTarget = 256;
    private const string NotImplementedCode = "NotImplemented";
    private const string WrongFormat = "AADB2C95034";
    private const string MalformedKey = "AADB2C95026";

    private static RefusalException BadRequest(string message, string? target = null, string code = "BadRequest") =>
        new(HttpStatusCode.BadRequest, code, message, target?.TrimStart('/') is { Length: > 0 } path ? path : null);

    private static string Shortened(string target) => target.Length <= LongestTarget ? target : target[..LongestTarget];
}

using System.Net;
using KeySets.Model;

namespace KeySets.Api.Refusals;

/// <content>Refusals of bodies.</content>
public static partial class Refusal
{
    public static RefusalException EmptyBody() =>
        BadRequest("The request has no body.", code: MalformedKey);

    public static RefusalException MalformedJson(long line, long position) =>
        BadRequest($"The body is not JSON (RFC 8259) in UTF-8: see line {line}, byte {position}.", code: MalformedKey);

    public static RefusalException RepeatedMember() =>
        BadRequest("An object of the body has the same member twice.", code: MalformedKey);

    public static RefusalException NestedTooDeep(int limit) =>
        BadRequest($"The body nests objects and arrays more than {limit} deep.", code: MalformedKey);

    public static RefusalException UnreadableText(string? path = null) =>
        BadRequest("The body holds text that is not Unicode, or U+0000.", path, MalformedKey);

    public static RefusalException UnknownMember(string path, string type) =>
        BadRequest($"{type} has no such property.", Shortened(path));

    public static RefusalException NotInsertable(string path) =>
        BadRequest("This property shows the keys of the set and cannot be sent: send them in keys.", path);

    public static RefusalException WrongJsonType(string path, string expected) =>
        BadRequest($"The value is not of type {expected}.", path);

    public static RefusalException WrongEntityType(string path, string expected) =>
        BadRequest($"The type must be {expected}.", path);

    public static RefusalException UnsupportedControlInformation(string path) =>
        NotSupported("Deltas, removals and bindings within a body are not supported.", Shortened(path));

    public static RefusalException BodyTooLarge() => new(
        HttpStatusCode.RequestEntityTooLarge, "AADB2C95024", $"The body is larger than {Limits.BodyBytes / 1024} KB.");

    public static RefusalException UnsupportedMediaType() => new(
        HttpStatusCode.UnsupportedMediaType,
        "UnsupportedMediaType",
        "The body must be application/json in UTF-8. Content-Encoding is not supported.",
        "Content-Type");
}

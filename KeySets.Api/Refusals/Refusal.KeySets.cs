using System.Net;

namespace KeySets.Api.Refusals;

/// <content>Refusals of key sets.</content>
public static partial class Refusal
{
    public static RefusalException KeySetNotFound() =>
        new(HttpStatusCode.NotFound, "AADB2C90073", "There is no key set with this id.", "id");

    public static RefusalException KeySetExists() =>
        new(HttpStatusCode.Conflict, "AADB2C95028", "A key set with this id already exists.", "id");

    public static RefusalException ForeignPrefix(string prefix) =>
        BadRequest($"The id of a set that is created by its URL must begin with {prefix}.", "id");

    public static RefusalException Changed(string header) => new(
        HttpStatusCode.PreconditionFailed,
        "PreconditionFailed",
        "The key set is not in the state that the header asks for.",
        header);

    public static RefusalException BadKeySetId() => BadRequest(
        "An id is 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_' and '-', including the prefix, and neither "
            + "'.' nor '..'.",
        "id");

    public static RefusalException TooManyKeys(string path, int limit) =>
        BadRequest($"A key set holds at most {limit} keys.", path);

    public static RefusalException KeySetTooLarge(int limit) => new(
        HttpStatusCode.RequestEntityTooLarge,
        "AADB2C95024",
        $"The key set would be larger than {limit / 1024} KB.",
        "keys");

    public static RefusalException RepeatedKid(string path) =>
        BadRequest("Another key of the set has the same kid.", path);

    public static RefusalException MixedKeyTypes(string path) =>
        BadRequest("A key set cannot mix RSA and oct keys.", path, "AADB2C95032");

    public static RefusalException MixedUses(string path) =>
        BadRequest("A key set cannot mix keys for signature (sig) and for encryption (enc).", path, "AADB2C95042");
}

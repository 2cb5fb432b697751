using System.Net;

namespace KeySets.Api.Keys;

/// <summary>Every refusal of the service, by name. The AADB2C codes are those of the published Azure AD B2C list.</summary>
public static partial class Refusal
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

    public static RefusalException KeySetTooLarge(int limit) =>
        new(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024", $"The key set would have more than {limit / 1024} KB.", "keys");

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
        BadRequest($"A kid has 1 to {limit} characters, and is neither '.' nor '..'.", path);

    // Operations on keys

    public static RefusalException KeyNotFound() =>
        new(HttpStatusCode.NotFound, "NotFound", "The key set has no key with this kid.", "kid");

    public static RefusalException NoActiveKey() =>
        new(HttpStatusCode.NotFound, "AADB2C90019", "The key set has no key that is enabled and valid now.");

    public static RefusalException ReadOnlyMember(string path) =>
        BadRequest("Of a key only its status can be changed.", path, "AADB2C99014");

    public static RefusalException BadStatus(string path) =>
        BadRequest("status is enabled or disabled.", path);

    public static RefusalException MissingParameter(string name) =>
        BadRequest("The parameter is missing.", name, "AADB2C90253");

    public static RefusalException UnknownParameter(string path, string operation) =>
        BadRequest($"{operation} has no such parameter.", Shortened(path));

    public static RefusalException UnknownKeyType(string path) =>
        BadRequest("kty is neither RSA nor oct.", path, "AADB2C95031");

    public static RefusalException WrongKeyType(string path, string expected) =>
        BadRequest($"The key of this operation is of type {expected}.", path, "AADB2C95031");

    public static RefusalException BadSecret(string path, int limit) =>
        BadRequest($"The secret has 1 to {limit} bytes of UTF-8.", path, "AADB2C95029");

    public static RefusalException NeverValid(string path) =>
        BadRequest("The key would expire before it is valid.", path, WrongFormat);

    public static RefusalException NotBase64(string path) =>
        BadRequest("The value is not base64.", path, WrongFormat);

    public static RefusalException UnreadableCertificate(string path) =>
        BadRequest("The value is not the base64 of a certificate in DER, or of certificates in PEM.", path, WrongFormat);

    public static RefusalException PrivateKeyInCertificate(string path) =>
        BadRequest("The value has a private key, which a certificate is uploaded without. Upload both as PKCS #12.", path, WrongFormat);

    public static RefusalException NotRsaCertificate(string path) =>
        BadRequest("The certificate is not for an RSA key.", path, WrongFormat);

    public static RefusalException BadPkcs12(string path) =>
        BadRequest("The value is not the base64 of a PKCS #12 file (RFC 7292), or has a kind of key or encryption that is not supported.", path, WrongFormat);

    public static RefusalException NoPrivateKey(string path) =>
        BadRequest("The file has no certificate with its private key.", path, WrongFormat);

    public static RefusalException Pkcs12TooCostly(string path, int iterations, int certificates) =>
        BadRequest($"The file has more than {iterations} iterations of a password, {certificates} certificates or 1 key.", path, WrongFormat);

    public static RefusalException WrongPassword(string path) =>
        BadRequest("The password does not open the file.", path, "AADB2C95025");

    // Storage

    public static RefusalException StorageBusy(Exception? cause = null) =>
        new(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", "The database is busy. Send the request again.", cause: cause);

    public static RefusalException StorageFull(Exception cause) =>
        new(HttpStatusCode.InsufficientStorage, "InsufficientStorage", "The database cannot grow: its disk is full. Nothing was stored.", cause: cause);

    public static RefusalException StorageLost(Exception? cause = null) =>
        new(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", "The database is not where it was, or not as it was. Nothing was stored.", cause: cause);

    public static RefusalException KeyRingLost() =>
        new(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", "The key ring is not where it was, or not as it was: private members could not be opened again. Nothing was stored.");

    public static RefusalException NotReady(IEnumerable<string> checks) =>
        new(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable", $"The service is not ready: {string.Join(", ", checks)}.");

    private const int LongestTarget = 256;
    private const string NotImplementedCode = "NotImplemented";
    private const string WrongFormat = "AADB2C95034";
    private const string MalformedKey = "AADB2C95026";

    private static RefusalException BadRequest(string message, string? target = null, string code = "BadRequest") =>
        new(HttpStatusCode.BadRequest, code, message, target?.TrimStart('/') is { Length: > 0 } path ? path : null);

    private static string Shortened(string target) => target.Length <= LongestTarget ? target : target[..LongestTarget];
}

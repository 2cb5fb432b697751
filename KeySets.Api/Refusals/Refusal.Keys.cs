using System.Net;

namespace KeySets.Api.Refusals;

/// <content>Refusals of keys.</content>
public static partial class Refusal
{
    public static RefusalException KeyNotFound() =>
        new(HttpStatusCode.NotFound, "NotFound", "The key set has no key with this kid.", "kid");

    public static RefusalException NoActiveKey() =>
        new(HttpStatusCode.NotFound, "AADB2C90019", "The key set has no key that is enabled and valid now.");

    public static RefusalException BadKid(string path, int limit) =>
        BadRequest($"A kid has 1 to {limit} characters, and is neither '.' nor '..'.", path);

    public static RefusalException MissingKeyType(string path) =>
        BadRequest("kty is missing.", path, "AADB2C95030");

    public static RefusalException BadUse(string path) =>
        BadRequest("use is neither sig nor enc.", path, "AADB2C95033");

    public static RefusalException MissingSymmetricKey(string path) =>
        BadRequest("An oct key needs k.", path, "AADB2C90253");

    public static RefusalException BadSymmetricKey(string path, int limit) => BadRequest(
        $"k is not 1 to {limit} bytes as base64url without padding (RFC 7515 section 2).", path, "AADB2C95029");

    public static RefusalException MissingRsaMember(string path) =>
        BadRequest("An RSA key needs the modulus n and the exponent e.", path, "AADB2C95039");

    public static RefusalException BadPublicInteger(string path) => BadRequest(
        "The value is not a positive integer as base64url without leading zero bytes (RFC 7518 section 2).",
        path,
        "AADB2C95039");

    public static RefusalException BadPrivateInteger(string path) =>
        BadRequest("The value is not a positive integer as base64url (RFC 7518 section 2).", path, WrongFormat);

    public static RefusalException BadModulus(string path, int minimum, int maximum) =>
        BadRequest($"The modulus is not an odd number of {minimum} to {maximum} bits.", path, "AADB2C95039");

    public static RefusalException BadExponent(string path) =>
        BadRequest("The public exponent is not an odd number from 3 to 2^32.", path, "AADB2C95039");

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

    public static RefusalException BrokenChain(string path) => BadRequest(
        "The certificate does not certify the one before (RFC 7517 section 4.7): by its name and its key, RSA or ECDSA "
        + "with SHA-1 or SHA-2. A self-signed certificate ends a chain.",
        path,
        WrongFormat);

    public static RefusalException BadThumbprint(string path) => BadRequest(
        "x5t is not the base64url SHA-1 thumbprint of the first certificate (RFC 7517 section 4.8).",
        path,
        WrongFormat);

    public static RefusalException ContradictoryMember(string path) =>
        BadRequest("The member contradicts the key, and is not kept anyway.", path, WrongFormat);

    public static RefusalException MultiplePrimes(string path) =>
        BadRequest("RSA keys of more than two primes (RFC 7518 section 6.3.2.7) are not supported.", path, WrongFormat);

    public static RefusalException NegativeDate(string path) =>
        BadRequest("The date is before 1970-01-01T00:00:00Z.", path, WrongFormat);

    public static RefusalException ReadOnlyMember(string path) =>
        BadRequest("Only the status of a key can be changed.", path, "AADB2C99014");

    public static RefusalException BadStatus(string path) =>
        BadRequest("status is neither enabled nor disabled.", path);
}

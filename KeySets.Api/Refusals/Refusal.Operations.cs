using System.Net;

namespace KeySets.Api.Refusals;

/// <content>Refusals of the operations that generate and import keys.</content>
public static partial class Refusal
{
    public static RefusalException MissingParameter(string name) =>
        BadRequest("The parameter is missing.", name, "AADB2C90253");

    public static RefusalException UnknownParameter(string path, string operation) =>
        BadRequest($"{operation} has no such parameter.", Shortened(path));

    public static RefusalException UnknownKeyType(string path) =>
        BadRequest("kty is neither RSA nor oct.", path, "AADB2C95031");

    public static RefusalException WrongKeyType(string path, string expected) =>
        BadRequest($"The key of this operation is of type {expected}.", path, "AADB2C95031");

    public static RefusalException BadSecret(string path, int limit) =>
        BadRequest($"The secret is not 1 to {limit} bytes of UTF-8.", path, "AADB2C95029");

    public static RefusalException NeverValid(string path) =>
        BadRequest("The key would expire before it is valid.", path, WrongFormat);

    public static RefusalException NotBase64(string path) =>
        BadRequest("The value is not base64.", path, WrongFormat);

    public static RefusalException UnreadableCertificate(string path) => BadRequest(
        "The value is not the base64 of a certificate in DER, nor of certificates in PEM.", path, WrongFormat);

    public static RefusalException UnrelatedCertificates(string path) => BadRequest(
        "The certificates are not one chain, in which each is certified by the next, by its name and its key.",
        path,
        WrongFormat);

    public static RefusalException PrivateKeyInCertificate(string path) => BadRequest(
        "The value holds a private key. Upload a certificate together with its private key as PKCS #12.",
        path,
        WrongFormat);

    public static RefusalException NotRsaCertificate(string path) =>
        BadRequest("The certificate is not for an RSA key.", path, WrongFormat);

    public static RefusalException BadPkcs12(string path) => BadRequest(
        "The value is not the base64 of a PKCS #12 file (RFC 7292), or the file uses a kind of key or encryption that "
        + "is not supported.",
        path,
        WrongFormat);

    public static RefusalException NoPrivateKey(string path) =>
        BadRequest("The file has no certificate with its private key.", path, WrongFormat);

    public static RefusalException Pkcs12TooCostly(string path, int iterations, int certificates) => BadRequest(
        $"The file has more than {iterations} iterations of a password, more than {certificates} certificates, or more "
        + "than 1 key.",
        path,
        WrongFormat);

    public static RefusalException TooManyRequests() => new(
        HttpStatusCode.TooManyRequests,
        "AADB2C95043",
        "Too many keys of this caller wait to be made or imported. Send the request again.");

    public static RefusalException TooManyKeys() =>
        Overloaded("Too many keys wait to be made or imported. Send the request again.");

    public static RefusalException WrongPassword(string path) =>
        BadRequest("The password does not open the file.", path, "AADB2C95025");
}

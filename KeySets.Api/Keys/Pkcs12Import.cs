using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>
/// Makes keys from PKCS #12 files (RFC 7292). It verifies that a private key and its certificate belong together, and
/// puts the certificates above that one in order; a file can have them in any.
/// </summary>
public static class Pkcs12Import
{
    private const string Target = KeySetOperations.Key;

    // ERROR_INVALID_PASSWORD: .NET reports it on every system if a password does not open a file.
    private const int WrongPassword = unchecked((int)0x80070056);

    /// <summary>The limits of a PKCS #12 file. .NET checks the iterations before it runs them.</summary>
    public static Pkcs12LoaderLimits Limits { get; } = new()
    {
        MacIterationLimit = 1_000_000,
        IndividualKdfIterationLimit = 1_000_000,
        TotalKdfIterationLimit = 3_000_000,
        MaxCertificates = CertificateRules.MaximumCertificates,
        MaxKeys = 1,
        PreserveCertificateAlias = false,
        PreserveKeyName = false,
        PreserveStorageProvider = false,
        PreserveUnknownAttributes = false,
    };

    /// <summary>Makes a key with its private part from a PKCS #12 file (RFC 7292).</summary>
    /// <param name="text">base64 of the file.</param>
    /// <param name="password">Its password; null or empty if it has none.</param>
    /// <exception cref="RefusalException">
    /// 400: the password is wrong, the file cannot be read or costs too much, or it has no RSA key with its
    /// certificate.
    /// </exception>
    public static TrustFrameworkKey FromFile(string text, string? password)
    {
        byte[] file = CertificateImport.Decode(text);
        X509Certificate2Collection certificates = [];
        try
        {
            certificates = X509CertificateLoader.LoadPkcs12Collection(
                file, password, X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable, Limits);
            X509Certificate2 first = certificates.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw Refusal.NoPrivateKey(Target);
            using RSA rsa = first.GetRSAPrivateKey() ?? throw Refusal.NotRsaCertificate(Target);
            return CertificateImport.Describe(
                KeyGenerator.FromRsa(rsa), CertificateChain.From(first, [.. certificates]));
        }
        catch (Pkcs12LoadLimitExceededException)
        {
            throw Refusal.Pkcs12TooCostly(
                Target, Limits.IndividualKdfIterationLimit!.Value, CertificateRules.MaximumCertificates);
        }
        catch (CryptographicException exception)
        {
            throw exception.HResult == WrongPassword
                ? Refusal.WrongPassword(KeySetOperations.Password)
                : Refusal.BadPkcs12(Target);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(file);
            CertificateImport.Dispose(certificates);
        }
    }
}

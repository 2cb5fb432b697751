using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KeySets.Api.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace KeySets.Api.Hosting;

/// <summary>
/// The setup of the key ring that seals private members: where it lies, and the certificate that encrypts it.
/// </summary>
public static class KeyRingSetup
{
    private const string Certificate = "DataProtection:Certificate";
    private const string PreviousCertificates = "DataProtection:PreviousCertificates";

    /// <summary>
    /// Adds the key ring: in the folder of a setting, else beside a database that has a folder, else where that
    /// database keeps it.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="folder">The folder of the database; null for none.</param>
    /// <returns>The folder of the ring; null for none.</returns>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The ring needs its certificates until the end.")]
    public static string? AddKeyRing(this WebApplicationBuilder builder, string? folder)
    {
        // The name is part of every sealed row: it must not depend on where the service is installed.
        IDataProtectionBuilder keyRing = builder.Services.AddDataProtection().SetApplicationName("KeySets")
            .UseCryptographicAlgorithms(
                new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        // It asks for a key at the start, and so makes one in an empty ring, even beside a database that another ring has
        // sealed. The preparation of the storage asks when it knows better.
        builder.Services.Remove(builder.Services.Single(
            service => service.ImplementationType?.Name == "DataProtectionHostedService"));
        string? keyDirectory = KeyDirectory(builder, folder);
        if (keyDirectory is not null)
        {
            keyRing.PersistKeysToFileSystem(new DirectoryInfo(keyDirectory));
        }
        else
        {
            builder.Services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>(
                (options, ring) => options.XmlRepository = ring);
        }

        if (builder.Configuration.GetSection(Certificate) is var current && current.Exists())
        {
            keyRing.ProtectKeysWithCertificate(Load(builder, current));
        }

        keyRing.UnprotectKeysWithAnyCertificate(
        [
            .. builder.Configuration.GetSection(PreviousCertificates).GetChildren().Select(one => Load(builder, one)),
        ]);
        return keyDirectory;
    }

    private static string? KeyDirectory(WebApplicationBuilder builder, string? folder) =>
        builder.Configuration["DataProtection:KeyDirectory"] is { Length: > 0 } setting
            ? DataFolder.Resolve(setting, builder.Environment.ContentRootPath)
            : folder is null ? null : Path.Combine(folder, "key-ring");

    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns the certificate.")]
    private static X509Certificate2 Load(WebApplicationBuilder builder, IConfigurationSection setting)
    {
        string path = Path.GetFullPath(setting["Path"] ?? "", builder.Environment.ContentRootPath);
        try
        {
            X509Certificate2 certificate = setting["KeyPath"] is { } keyPath
                ? X509Certificate2.CreateFromPemFile(
                    path, Path.GetFullPath(keyPath, builder.Environment.ContentRootPath))
                : X509CertificateLoader.LoadPkcs12FromFile(path, setting["Password"]);
            using RSA? key = certificate.GetRSAPrivateKey();
            return key is not null
                ? certificate
                : throw new StartupException($"{setting.Path}:Path is not a certificate with an RSA private key.");
        }
        catch (Exception exception)
            when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                $"{setting.Path}:Path is not a PKCS #12 file that its Password opens, or a PEM file with its KeyPath. "
                + exception.Message);
        }
    }
}

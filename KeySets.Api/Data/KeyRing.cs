using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace KeySets.Api.Data;

/// <summary>
/// The key ring as it is stored. Data Protection goes on with the one that it has in memory when that is lost, and seals what nobody can
/// open after a restart.
/// </summary>
public sealed class KeyRing(IOptions<KeyManagementOptions> options)
{
    // Sealed bytes begin with 09 F0 C9 F0 and the id of the key (ASP.NET Core, "Authenticated encryption details in Data Protection").
    private static readonly Range KeyId = 4..20;

    // Files of keys never change. As they were when they were first used they were read by Data Protection.
    private readonly ConcurrentDictionary<Guid, byte[]> _digests = new();

    /// <summary>Whether the folder of the ring is there. Data Protection makes it anew, and empty, when it reads it.</summary>
    public bool Exists => Folder is null || Directory.Exists(Folder);

    // Null where the ring is in memory.
    private string? Folder => (options.Value.XmlRepository as FileSystemXmlRepository)?.Directory.FullName;

    /// <summary>Whether the key that has sealed some bytes is stored, and unchanged.</summary>
    public bool Holds(ReadOnlySpan<byte> sealedBytes)
    {
        if (Folder is null)
        {
            return true;
        }

        Guid id = new(sealedBytes[KeyId]);
        try
        {
            byte[] digest = SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, $"key-{id}.xml")));
            return digest.AsSpan().SequenceEqual(_digests.GetOrAdd(id, digest));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Syncs the keys to disk, which Data Protection does not do.</summary>
    public void FlushToDisk()
    {
        foreach (string key in Folder is null ? [] : Directory.EnumerateFiles(Folder, "*.xml"))
        {
            using FileStream stream = File.Open(key, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }
    }
}

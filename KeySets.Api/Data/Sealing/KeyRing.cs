using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace KeySets.Api.Data.Sealing;

/// <summary>
/// The key ring as it is stored. If the stored ring is lost, Data Protection goes on with the copy that it has in
/// memory, and seals bytes that nobody can open after a restart. This class notices.
/// </summary>
public sealed class KeyRing(IOptions<KeyManagementOptions> options)
{
    // Sealed bytes begin with 09 F0 C9 F0 and the id of the key (ASP.NET Core, "Authenticated encryption details in
    // Data Protection").
    private static readonly Range KeyId = 4..20;

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    // Each key file at its first use, when Data Protection has just read it. Key files never change.
    private readonly ConcurrentDictionary<Guid, KeyFile> _files = new();

    // When each key was last seen in a ring that has no folder.
    private readonly ConcurrentDictionary<Guid, long> _seen = new();
    private int _isLooking;

    /// <summary>
    /// Whether the folder of the ring exists. If it does not, Data Protection creates an empty one when it reads.
    /// </summary>
    public bool Exists => Folder is null || Directory.Exists(Folder);

    /// <summary>
    /// Whether the stored ring has no key. Data Protection makes the first one when it is first asked.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public bool IsEmpty => Folder is null
        ? KeyIds().Count == 0
        : !(Exists && Directory.EnumerateFiles(Folder, "key-*.xml").Any());

    /// <summary>
    /// Whether the stored ring can be read without another key. On Windows, Data Protection encrypts it for the user.
    /// </summary>
    public bool IsReadable => options.Value is { XmlEncryptor: null, XmlRepository: not MemoryKeyRing }
        && (Folder is null || !OperatingSystem.IsWindows());

    /// <summary>
    /// Why the ring opens nothing of the database, as was found at the start; null if it does. Nothing may be sealed
    /// then, and nobody may ask Data Protection for a key: it would make one in a ring that is not that of the database.
    /// </summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the ring can seal, as far as was found at the start.</summary>
    /// <exception cref="RefusalException">503: it cannot.</exception>
    public void RequireSound()
    {
        if (Fault is not null)
        {
            throw Refusal.KeyRingLost();
        }
    }

    /// <summary>Goes on without the ring.</summary>
    public void GiveUp(string fault) => Fault = fault;

    /// <summary>The folder of the ring; null for a ring in memory, or in the database.</summary>
    public string? Folder => (options.Value.XmlRepository as FileSystemXmlRepository)?.Directory.FullName;

    /// <summary>
    /// The id of the key that has sealed some bytes, of which these are the first; null if they are cut too short to
    /// tell.
    /// </summary>
    public static Guid? KeyOf(ReadOnlySpan<byte> sealedBytes) =>
        sealedBytes.Length < KeyId.End.Value ? null : new Guid(sealedBytes[KeyId]);

    /// <summary>Whether the key that has sealed some bytes is stored, and unchanged.</summary>
    public bool Holds(ReadOnlySpan<byte> sealedBytes)
    {
        if (KeyOf(sealedBytes) is not { } id)
        {
            return false;
        }

        if (Folder is null)
        {
            return HoldsElement(id);
        }

        FileInfo file = new(Path.Combine(Folder, $"key-{id}.xml"));
        try
        {
            // To read a file takes longer than to seal a key: a file of the same size and time is the same.
            if (_files.TryGetValue(id, out KeyFile? known) && known.IsSame(file))
            {
                return true;
            }

            KeyFile found = new(
                SHA256.HashData(File.ReadAllBytes(file.FullName)), file.Length, file.LastWriteTimeUtc);
            bool isUnchanged = found.Digest.AsSpan().SequenceEqual(_files.GetOrAdd(id, found).Digest);
            if (isUnchanged)
            {
                _files[id] = found;
            }

            return isUnchanged;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Checks that the key files can be read, and that the first one can be written if there is none.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">They cannot.</exception>
    /// <exception cref="IOException">They cannot.</exception>
    /// <remarks>Data Protection would log the failure with a stack trace.</remarks>
    public void CheckAccess()
    {
        foreach (string entry in Folder is null ? [] : Directory.EnumerateFileSystemEntries(Folder, "*.xml"))
        {
            using FileStream stream = File.OpenRead(entry);
        }

        if (Folder is not null && IsEmpty)
        {
            string probe = Path.Combine(Folder, $"{Guid.NewGuid()}.tmp");
            using FileStream stream = new(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
    }

    /// <summary>Syncs the key files to disk, which Data Protection does not do.</summary>
    public void FlushToDisk()
    {
        foreach (string key in Folder is null ? [] : Directory.EnumerateFiles(Folder, "*.xml"))
        {
            FileAccess access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
            using FileStream stream = File.Open(key, FileMode.Open, access);
            RandomAccess.FlushToDisk(stream.SafeFileHandle);
        }
    }

    private IReadOnlySet<Guid> KeyIds() => options.Value.XmlRepository!.KeyIds();

    /// <remarks>One caller looks again from time to time. Meanwhile the others go by what was seen.</remarks>
    private bool HoldsElement(Guid id)
    {
        if (_seen.TryGetValue(id, out long seen)
            && (Stopwatch.GetElapsedTime(seen) < Freshness || Interlocked.Exchange(ref _isLooking, 1) == 1))
        {
            return true;
        }

        try
        {
            long now = Stopwatch.GetTimestamp();
            if (!KeyIds().Contains(id))
            {
                _seen.TryRemove(id, out _);
                return false;
            }

            _seen[id] = now;
            return true;
        }
        catch (Exception exception) when (exception is DbException or SocketException or IOException)
        {
            // The database is away, or the name of its host is. It will not take the row either.
            return true;
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    private sealed record KeyFile(byte[] Digest, long Length, DateTime Written)
    {
        public bool IsSame(FileInfo file) =>
            file.Exists && file.Length == Length && file.LastWriteTimeUtc == Written;
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using KeySets.Api.Data;
using KeySets.Api.Data.Backups;
using KeySets.Api.Data.Sealing;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeySets.Api.Hosting.Commands;

/// <summary>
/// The key ring that must open a backup before it is restored. If there is a ring beside the backup, it adds what the
/// configured one lacks.
/// </summary>
/// <param name="storage">Has the configured ring.</param>
/// <param name="backup">The backup.</param>
/// <param name="folder">The folder of the ring beside the backup, which need not be there.</param>
public sealed class RestoredKeyRing(CommandStorage storage, BackupFile backup, string folder)
{
    private const int KeysOfPage = 500;

    /// <summary>What was found and done, for people.</summary>
    public string Outcome { get; private set; } = "It needs no key of the key ring.";

    /// <summary>
    /// Makes sure that each key of the ring that the backup needs is there, and opens what it has sealed.
    /// </summary>
    /// <exception cref="CommandException">
    /// One is not there, or opens nothing. The backup must not be restored.
    /// </exception>
    public async Task OpenAsync()
    {
        IReadOnlySet<Guid> needed = await backup.ReadKeyIdsAsync();
        if (needed.Count == 0)
        {
            return;
        }

        int added = Complete(needed);
        await RequireOpenAsync([.. needed]);
        Outcome = added == 0
            ? "The key ring opens its private members."
            : $"The key ring opens its private members: {added} of its keys came from {folder}.";
    }

    /// <returns>The number of elements that came from beside the backup.</returns>
    private int Complete(IReadOnlySet<Guid> needed)
    {
        IEnumerable<Guid> there = storage.KeyRing.Exists ? storage.Ring.KeyIds() : [];
        Guid[] lacking = [.. needed.Except(there).Order()];
        if (lacking.Length == 0)
        {
            return 0;
        }

        FileSystemXmlRepository? beside = Directory.Exists(folder)
            ? new FileSystemXmlRepository(new DirectoryInfo(folder), NullLoggerFactory.Instance)
            : null;
        if (lacking.Except(beside?.KeyIds() ?? Enumerable.Empty<Guid>()).ToArray() is { Length: > 0 } nowhere)
        {
            throw new CommandException(
                $"The key ring lacks keys that have sealed private members: {string.Join(", ", nowhere)}. Set "
                + "DataProtection:KeyDirectory, or put the files of the ring where it is.");
        }

        storage.CreateFolders();
        int added = storage.Ring.AddFrom(beside!);
        storage.KeyRing.FlushToDisk();
        return added;
    }

    /// <summary>Opens a row of each key of the ring.</summary>
    private async Task RequireOpenAsync(HashSet<Guid> unopened)
    {
        IReadOnlyList<SealedKey> page = [];
        do
        {
            page = await backup.Rows.ReadSealedAsync(page is [.., var last] ? last : null, KeysOfPage);
            foreach (SealedKey key in page)
            {
                Guid id = KeyRing.KeyOf(key.SealedMembers);
                if (unopened.Contains(id) && Opens(key))
                {
                    unopened.Remove(id);
                }
            }
        }
        while (unopened.Count > 0 && page.Count == KeysOfPage);
        if (unopened.Count > 0)
        {
            throw new CommandException(
                "The key ring is not the one of the backup, or lacks its certificate: nothing opens that was sealed "
                + "with " + string.Join(", ", unopened.Order()));
        }
    }

    private bool Opens(SealedKey key)
    {
        try
        {
            storage.Protector.Unseal(key.KeySetId, key.Kid, key.SealedMembers);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return false;
        }
    }
}

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

        int added = await CompleteAsync(needed);
        await RequireOpenAsync([.. needed]);
        Outcome = added == 0
            ? "The key ring opens its private members."
            : $"The key ring opens its private members: {added} of its keys came from {folder}.";
    }

    /// <returns>The number of elements that came from beside the backup.</returns>
    private async Task<int> CompleteAsync(IReadOnlySet<Guid> needed)
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
                $"The key ring lacks keys that have sealed private members: {string.Join(", ", nowhere)}. "
                + $"{await SealedByAsync(nowhere)}Set DataProtection:KeyDirectory, or put the files of the ring where "
                + "it is.");
        }

        storage.CreateFolders();
        int added = storage.Ring.AddFrom(beside!);
        storage.KeyRing.FlushToDisk();
        return added;
    }

    /// <summary>Opens a row of each key of the ring.</summary>
    private async Task RequireOpenAsync(HashSet<Guid> unopened)
    {
        await foreach ((SealedKey key, Guid id) in SealedAsync(unopened))
        {
            if (Opens(key))
            {
                unopened.Remove(id);
            }

            if (unopened.Count == 0)
            {
                return;
            }
        }

        throw new CommandException(
            "The key ring is not the one of the backup, or lacks its certificate: nothing opens that was sealed "
            + $"with {string.Join(", ", unopened.Order())}. {await SealedByAsync(unopened)}");
    }

    /// <returns>What keys of the ring have sealed, for people. A damaged row can name a key that never was.</returns>
    private async Task<string> SealedByAsync(IReadOnlyCollection<Guid> ids)
    {
        SealedKey? first = null;
        int count = 0;
        await foreach ((SealedKey key, _) in SealedAsync(ids))
        {
            first ??= key;
            count++;
        }

        string others = count > 1 ? $", and {count - 1} others" : "";
        return $"They have sealed set {first!.KeySetId}, kid {first.Kid}{others}. ";
    }

    /// <summary>The rows that some keys of the ring have sealed. A row that was cut may name none.</summary>
    private async IAsyncEnumerable<(SealedKey Key, Guid RingKey)> SealedAsync(IReadOnlyCollection<Guid> ids)
    {
        IReadOnlyList<SealedKey> page = [];
        do
        {
            page = await backup.Rows.ReadSealedAsync(page is [.., var last] ? last : null, KeysOfPage);
            foreach (SealedKey key in page)
            {
                if (KeyRing.KeyOf(key.SealedMembers) is { } id && ids.Contains(id))
                {
                    yield return (key, id);
                }
            }
        }
        while (page.Count == KeysOfPage);
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

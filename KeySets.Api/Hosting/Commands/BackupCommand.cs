using KeySets.Api.Data;
using KeySets.Api.Data.Backups;
using KeySets.Api.Data.Sealing;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace KeySets.Api.Hosting.Commands;

/// <summary>Writes all key sets to a new file, while a service goes on writing.</summary>
public static class BackupCommand
{
    /// <summary>The folder beside a backup that holds the key ring of a database that has it itself.</summary>
    public static string KeyRingOf(string file) => $"{file}-key-ring";

    /// <summary>Runs the command.</summary>
    /// <param name="storage">What is backed up.</param>
    /// <param name="file">The path of the file, from the working directory.</param>
    public static async Task<int> RunAsync(CommandStorage storage, string file)
    {
        string path = Path.GetFullPath(file);
        NewFile.CheckAbsent(KeyRingOf(path));
        using NewFile written = NewFile.Create(path);
        if (await storage.Database.FindTablesAsync() is StoredTables.None or StoredTables.Newer)
        {
            throw new CommandException(
                $"There are no tables of this version or an earlier one in {storage.Database.Location}");
        }

        StoredCount? read = await BackupWriter.WriteAsync(
            storage.Database, written.PartialPath, Progress.OfProcess.Report);
        Progress.OfProcess.End();
        (StoredCount count, IReadOnlySet<Guid> keyIds) = await CheckAsync(written.PartialPath, read);
        // After the rows, so that it has the key of each.
        string ring = await PublishAsync(storage, written, path);
        await Console.Out.WriteLineAsync(
            $"{path} has {count}.\n{Needed(keyIds)}\n{ring}{Lacking(keyIds, storage.Ring)}");
        return 0;
    }

    private static async Task<(StoredCount Count, IReadOnlySet<Guid> KeyIds)> CheckAsync(
        string path, StoredCount? read)
    {
        using BackupFile backup = await BackupFile.OpenAsync(path);
        StoredCount count = await backup.Rows.CountAsync(hasAudit: backup.Tables == StoredTables.Current);
        return read is null || read == count
            ? (count, await backup.ReadKeyIdsAsync())
            : throw new CommandException($"{read} were read, and {count} written.");
    }

    /// <returns>What is to be kept beside the file.</returns>
    private static async Task<string> PublishAsync(CommandStorage storage, NewFile written, string path)
    {
        string certificate = storage.HasCertificate ? ", and the certificate that encrypts it" : "";
        if (storage.KeyRing.Folder is { } folder)
        {
            written.Publish();
            return $"The key ring is not in it. Keep {folder} too{certificate}.";
        }

        using NewFile ring = NewFile.CreateFolder(KeyRingOf(path));
        FileSystemXmlRepository copy = new(new DirectoryInfo(ring.PartialPath), NullLoggerFactory.Instance);
        copy.AddFrom(storage.Ring);
        bool isReadable = copy.IsReadable();
        ring.Publish();
        try
        {
            written.Publish();
        }
        catch (IOException)
        {
            ring.WithdrawFolder();
            throw;
        }

        string warning = isReadable
            ? "\nWarning: no certificate encrypts it. Whoever can read it and the backup can open the private members."
            : "";
        return $"The key ring is in {KeyRingOf(path)}. Keep it too{certificate}.{warning}";
    }

    private static string Needed(IReadOnlySet<Guid> keyIds) => keyIds.Count == 0
        ? "It needs no key of the key ring."
        : $"It needs these keys of the key ring: {string.Join(", ", keyIds.Order())}";

    private static string Lacking(IReadOnlySet<Guid> keyIds, IXmlRepository ring) =>
        keyIds.Except(ring.KeyIds()).Order().ToArray() is { Length: > 0 } lacking
            ? $"\nWarning: the key ring lacks {string.Join(", ", lacking)}. What they have sealed cannot be opened."
            : "";
}

using KeySets.Api.Data;
using KeySets.Api.Data.Backups;

namespace KeySets.Api.Hosting.Commands;

/// <summary>Reads the key sets of a backup into a database that has none: all of them, or none.</summary>
public static class RestoreCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="storage">Where the sets go.</param>
    /// <param name="file">The path of the backup, from the working directory.</param>
    public static async Task<int> RunAsync(CommandStorage storage, string file)
    {
        string path = Path.GetFullPath(file);
        using BackupFile backup = await BackupFile.OpenAsync(path);
        await RequireEmptyAsync(storage.Database);
        if (backup.Tables == StoredTables.Older)
        {
            await backup.UpgradeAsync();
        }

        RestoredKeyRing ring = new(storage, backup, BackupCommand.KeyRingOf(path));
        // A ring in the database is there when its tables are. Another one is asked before anything is changed.
        bool isInDatabase = storage.KeyRing.Folder is null;
        await (isInDatabase ? Task.CompletedTask : ring.OpenAsync());
        storage.CreateFolders();
        await storage.Database.PrepareAsync(() => isInDatabase ? ring.OpenAsync() : Task.CompletedTask);
        StoredCount count = await backup.Rows.CountAsync();
        await storage.Database.WriteAllOrNothingAsync(
            group => group.WriteAsync(rows => RestoreAsync(backup.Rows, rows, count)));
        Progress.OfProcess.End();
        await Console.Out.WriteLineAsync($"{storage.Database.Location} has {count}, as {path} has. {ring.Outcome}");
        return 0;
    }

    private static async Task RequireEmptyAsync(Database database)
    {
        StoredTables tables = await database.FindTablesAsync();
        if (tables is StoredTables.Older or StoredTables.Newer)
        {
            throw new CommandException(
                $"{database.Location} is a database of another version. Restore into a new one.");
        }

        if (tables == StoredTables.Current)
        {
            RequireNone(await database.ReadMomentAsync(rows => rows.CountAsync()));
        }
    }

    private static async Task<bool> RestoreAsync(KeySetRows backup, KeySetRows rows, StoredCount count)
    {
        RequireNone(await rows.CountAsync());
        await backup.CopyToAsync(rows, restored => Progress.OfProcess.Report(restored, count.Sets));
        StoredCount found = await rows.CountAsync();
        return found == count
            ? count.Sets > 0
            : throw new CommandException($"{found} are there instead of {count}. Nothing was kept.");
    }

    private static void RequireNone(StoredCount found)
    {
        if (found.Sets > 0)
        {
            throw new CommandException(
                $"The database has {found} already. It is left as it is: restore into a new one.");
        }
    }
}

using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;

namespace KeySets.Api.Hosting.Commands;

/// <summary>
/// Copies all key sets to another database. It can be ended at any point and run again: it goes through all sets in the
/// order of their ids, and leaves those alone that are there with the same revision.
/// </summary>
public static class CopyCommand
{
    // Behind every id.
    private const string Last = "\uffff";

    /// <summary>Runs the command.</summary>
    /// <param name="storage">Where the sets are.</param>
    /// <param name="operand">There is none.</param>
    public static async Task<int> RunAsync(CommandStorage storage, string operand)
    {
        await using CommandStorage target = storage.OfTarget();
        await storage.Database.RequireCurrentAsync();
        await target.Database.RequireCurrentAsync(orNone: true);
        target.CreateFolders();
        int ringElements = 0;
        // The ring first: no row may come that nobody can open.
        await target.Database.PrepareAsync(() => Task.FromResult(ringElements = CopyRing(storage, target)));
        CopiedSets sets = await CopySetsAsync(storage.Database, target.Database);
        await CopyAuditAsync(storage.Database, target.Database);
        Progress.OfProcess.End();
        // A service may have made a key meanwhile.
        ringElements += CopyRing(storage, target);
        await target.SealedRows.VerifyAsync();
        await Console.Out.WriteLineAsync(
            $"{sets.Stored:N0} sets were copied, {sets.Same:N0} were there already.\n{Keys(ringElements, target)}");
        return await CompareAsync(storage.Database, target.Database, sets) ? 0 : 1;
    }

    private static async Task<bool> CompareAsync(Database source, Database target, CopiedSets sets)
    {
        StoredCount expected = await source.ReadMomentAsync(rows => rows.CountAsync());
        StoredCount found = await target.ReadMomentAsync(rows => rows.CountAsync());
        bool agree = expected == found && sets.Others.Count == 0;
        await Console.Out.WriteLineAsync(
            $"Source: {expected}.\nTarget: {found}.\n{(agree ? "They agree." : Difference(sets))}");
        foreach (DamagedColumn column in await source.FindDamagedColumnsAsync(CancellationToken.None))
        {
            await Console.Out.WriteLineAsync(
                $"Warning: a value of the source cannot be read, and the target has a harmless one: {column}");
        }

        return agree;
    }

    private static string Keys(int ringElements, CommandStorage target) => ringElements == 0
        ? "The key ring of the target has all keys of the source."
        : $"The key ring of the target got what it lacked of that of the source: {ringElements}."
            + (target.Ring.IsReadable() ? " Warning: it has keys that no certificate encrypts." : "");

    /// <returns>The number of elements that the ring of the target lacked.</returns>
    private static int CopyRing(CommandStorage storage, CommandStorage target)
    {
        int added = target.Ring.AddFrom(storage.Ring);
        target.KeyRing.FlushToDisk();
        return added;
    }

    private static async Task<CopiedSets> CopySetsAsync(Database source, Database target)
    {
        StoredCount all = await source.ReadMomentAsync(rows => rows.CountAsync());
        CopiedSets copied = new();
        IReadOnlyList<StoredSet> page;
        string after = "";
        do
        {
            page = await source.ReadMomentAsync(rows => rows.ReadStoredAsync(after, KeySetRows.SetsOfPage));
            string last = page.Count > 0 ? page[^1].Set.Id : Last;
            IReadOnlyDictionary<string, Guid> there =
                await target.ReadMomentAsync(rows => rows.ReadRevisionsAsync(after, last));
            await StoreAsync(target, copied.Lacking(page, there));
            after = last;
            Progress.OfProcess.Report(copied.Stored + copied.Same, all.Sets);
        }
        while (page.Count > 0);
        return copied;
    }

    private static Task StoreAsync(Database target, IReadOnlyList<StoredSet> sets) =>
        sets.Count == 0 ? Task.CompletedTask : target.WriteAsync(async rows =>
        {
            await rows.StoreAsync(sets);
            return true;
        });

    /// <remarks>Behind the sets, so that there is no set whose events are not there.</remarks>
    private static Task<bool> CopyAuditAsync(Database source, Database target) =>
        source.ReadMomentAsync(rows => target.WriteAsync(async copied =>
        {
            await rows.CopyAuditToAsync(copied);
            return true;
        }));

    private static string Difference(CopiedSets sets) => sets.Others.Count == 0
        ? "They do not agree: a service has written meanwhile. Stop it, and run this again."
        : "They do not agree. The source does not have these sets of the target: " + string.Join(", ", sets.Others);
}

using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace KeySets.Api.Hosting.Commands;

/// <summary>
/// Seals all private members anew with the current key of the key ring, so that the others can be taken away. It can be
/// ended at any point and run again.
/// </summary>
public static class ResealCommand
{
    private const int MostNamed = 20;

    /// <summary>Runs the command.</summary>
    /// <param name="storage">Where the keys are.</param>
    /// <param name="operand">There is none.</param>
    /// <returns>0 if nothing needs another key of the ring any more, else 1.</returns>
    public static async Task<int> RunAsync(CommandStorage storage, string operand)
    {
        await storage.Database.RequireCurrentAsync();
        if (storage.KeyRing.IsEmpty)
        {
            throw new CommandException("The key ring has no key. Put back the one that the database was sealed with.");
        }

        await storage.SealedRows.VerifyAsync();
        Guid current = storage.CurrentKey();
        Resealing resealing = new(
            storage.Database, storage.Protector, storage.SealedAnswers, storage.CheckpointSeals, current);
        await resealing.RunAsync((done, all) => Progress.OfProcess.Report(done, all, "keys"));
        Progress.OfProcess.End();
        await Console.Out.WriteLineAsync(
            $"{StoredCount.Of(resealing.Resealed, "key")} sealed anew with the key {current} of the key ring, "
            + $"{StoredCount.Of(resealing.Same, "key")} sealed with it before.");
        foreach (DamagedKey damaged in resealing.Damaged.Take(MostNamed))
        {
            await Console.Out.WriteLineAsync($"Its private members do not open, and were left as they are: {damaged}");
        }

        if (resealing.DamagedCheckpoints > 0)
        {
            await Console.Out.WriteLineAsync(
                $"{StoredCount.Of(resealing.DamagedCheckpoints, "audit checkpoint")} with a seal that does not open: "
                + "see audit verify.");
        }

        bool isWhole = resealing.Damaged.Count == 0 && resealing.DamagedCheckpoints == 0;
        await Console.Out.WriteLineAsync(isWhole
            ? OldKeys(storage.KeyManager, current)
            : "Keep all keys of the key ring.");
        return isWhole ? 0 : 1;
    }

    private static string OldKeys(IKeyManager ring, Guid current)
    {
        IReadOnlyCollection<IKey> keys = ring.GetAllKeys();
        DateTimeOffset since = keys.Single(key => key.KeyId == current).ActivationDate;
        Guid[] old = [.. keys.Where(key => key.ActivationDate < since).Select(key => key.KeyId).Order()];
        return old.Length == 0
            ? "The key ring has no older key."
            : "Nothing needs these keys any more but older backups: " + string.Join(", ", old);
    }
}

using KeySets.Api.Data;
using KeySets.Api.Data.Audit;

namespace KeySets.Api.Hosting.Commands;

/// <summary>Checks that no audit event was altered or removed, while a service goes on writing.</summary>
public static class AuditCommand
{
    private const int MostNamed = 20;

    /// <summary>Runs the command.</summary>
    /// <param name="storage">Where the events are.</param>
    /// <param name="operand">There is only one thing to do.</param>
    /// <returns>0 if all events are as they were made, else 1.</returns>
    public static async Task<int> RunAsync(CommandStorage storage, string operand)
    {
        await storage.Database.RequireCurrentAsync();
        AuditVerifier audit = await storage.Database.ReadMomentAsync(rows => VerifyAsync(storage, rows));
        Progress.OfProcess.End();
        await Console.Out.WriteLineAsync(
            $"{StoredCount.Of(audit.Events, "event")} of {StoredCount.Of(audit.Chains, "chain")} checked.");
        await Console.Out.WriteLineAsync(audit.LastCheckpoint is { } last
            ? $"Checkpoint {last.Number} holds those up to {DateTimeOffset.FromUnixTimeMilliseconds(last.Until):O}. Its "
                + $"hash is {last.Hash}: compare it with the log of the service."
            : "There is no checkpoint yet: whoever can write to the database could have made them all.");
        if (audit.SetsWithoutEvents > 0)
        {
            await Console.Out.WriteLineAsync(
                $"{StoredCount.Of(audit.SetsWithoutEvents, "set")} without events: made before events were kept.");
        }

        foreach (string fault in audit.Faults.Take(MostNamed))
        {
            await Console.Out.WriteLineAsync($"FAULT. {fault}.");
        }

        int faults = audit.Faults.Count;
        await Console.Out.WriteLineAsync(
            faults == 0 ? "All are as they were made." : $"{StoredCount.Of(faults, "fault")} found.");
        return faults == 0 ? 0 : 1;
    }

    private static async Task<AuditVerifier> VerifyAsync(CommandStorage storage, KeySetRows rows)
    {
        long? removable = storage.Retention is { } kept
            ? (TimeProvider.System.GetUtcNow() - kept).ToUnixTimeMilliseconds()
            : null;
        AuditVerifier audit = new(rows, storage.CheckpointSeals, removable);
        long all = (await rows.CountAsync()).Events;
        await audit.VerifyAsync(done => Progress.OfProcess.Report(done, all, "events"));
        return audit;
    }
}

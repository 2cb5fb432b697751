using System.Globalization;
using KeySets.Benchmarks.Load;

namespace KeySets.Benchmarks.Tables;

/// <summary>The table of the scenarios at one size.</summary>
internal static class SizeTable
{
    private const double Kibibyte = 1024;
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Writes the table.</summary>
    public static Table Of(IReadOnlyList<Rounds> all)
    {
        string[] others = [.. all.Select(rounds => rounds.Target).Distinct().Skip(1)];
        Table table = new(
            [
                "scenario", "connections", "", "requests/s", "p50 ms", "p99 ms", "CPU ms", "KiB allocated",
                "MiB resident", .. others.SelectMany(other => (string[])[$"requests/s ÷ {other}", $"CPU ÷ {other}"]),
            ]);
        foreach (Rounds rounds in all)
        {
            table.Add(
            [
                rounds.Scenario,
                rounds.Connections.ToString(CultureInfo.InvariantCulture),
                rounds.Target,
                Table.Number(rounds.Median(interval => interval.RequestsPerSecond)),
                Table.Number(rounds.Median(interval => interval.Median)),
                Table.Number(rounds.Median(interval => interval.Percentile99)),
                Table.Number(rounds.Median(interval => interval.ProcessorMilliseconds)),
                Table.Number(rounds.Median(interval => interval.AllocatedBytes / Kibibyte)),
                Table.Number(rounds.Median(interval => interval.ResidentBytes / Mebibyte)),
                .. others.SelectMany(other => Ratios(all, rounds, other)),
            ]);
        }

        return table;
    }

    /// <remarks>
    /// Each target is compared with those after it: the service with a second build and with the bare handler.
    /// </remarks>
    private static string[] Ratios(IReadOnlyList<Rounds> all, Rounds rounds, string target)
    {
        Rounds? other = all.SkipWhile(each => each != rounds).Skip(1)
            .TakeWhile(each => each.Scenario == rounds.Scenario && each.Connections == rounds.Connections)
            .FirstOrDefault(each => each.Target == target);
        return other is null
            ? ["", ""]
            : [
                Ratio(rounds, other, interval => interval.RequestsPerSecond),
                Ratio(rounds, other, interval => interval.ProcessorMilliseconds),
            ];
    }

    private static string Ratio(Rounds rounds, Rounds other, Func<Interval, double> value) =>
        Table.Ratio(rounds.RatiosTo(other, value));
}

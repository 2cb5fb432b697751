using System.Globalization;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Servers;

namespace KeySets.Benchmarks.Tables;

/// <summary>The table of the scenarios at one size.</summary>
internal static class SizeTable
{
    private const double Kibibyte = 1024;
    private const double Mebibyte = 1024 * 1024;

    /// <summary>Writes the table.</summary>
    public static Table Of(IReadOnlyList<Rounds> all)
    {
        Table table = new(
            "scenario", "connections", "", "requests/s", "p50 ms", "p99 ms", "CPU ms", "KiB allocated", "MiB resident",
            "to bare");
        foreach (Rounds rounds in all)
        {
            table.Add(
                rounds.Scenario,
                rounds.Connections.ToString(CultureInfo.InvariantCulture),
                rounds.Target,
                Table.Number(rounds.Median(interval => interval.RequestsPerSecond)),
                Table.Number(rounds.Median(interval => interval.Median)),
                Table.Number(rounds.Median(interval => interval.Percentile99)),
                Table.Number(rounds.Median(interval => interval.ProcessorMilliseconds)),
                Table.Number(rounds.Median(interval => interval.AllocatedBytes / Kibibyte)),
                Table.Number(rounds.Median(interval => interval.ResidentBytes / Mebibyte)),
                rounds.Target == ServerProgram.Bare ? "" : Ratio(rounds, BareOf(all, rounds)));
        }

        return table;
    }

    private static Rounds BareOf(IReadOnlyList<Rounds> all, Rounds rounds) => all.Single(other =>
        other.Target == ServerProgram.Bare
        && other.Scenario == rounds.Scenario
        && other.Connections == rounds.Connections);

    private static string Ratio(Rounds rounds, Rounds other)
    {
        double[] ratios = rounds.RatiosTo(other);
        return $"{Table.Number(Rounds.MedianOf(ratios))} ({Table.Number(ratios[0])} to {Table.Number(ratios[^1])})";
    }
}

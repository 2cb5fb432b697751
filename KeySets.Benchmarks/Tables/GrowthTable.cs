using System.Globalization;
using KeySets.Benchmarks.Load;

namespace KeySets.Benchmarks.Tables;

/// <summary>The table of how the median of the latency grows with the database.</summary>
internal static class GrowthTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="smaller">The rounds at the smaller size.</param>
    /// <param name="larger">The rounds at the larger size, in the same order.</param>
    public static Table Of(IReadOnlyList<Rounds> smaller, IReadOnlyList<Rounds> larger)
    {
        string[] targets = [.. smaller.Select(rounds => rounds.Target).Distinct()];
        Table table = new(["scenario", "connections", .. targets]);
        foreach (IGrouping<(string Scenario, int Connections), (Rounds Smaller, Rounds Larger)> row in smaller
            .Zip(larger)
            .GroupBy(pair => (pair.First.Scenario, pair.First.Connections)))
        {
            table.Add([
                row.Key.Scenario,
                row.Key.Connections.ToString(CultureInfo.InvariantCulture),
                .. row.Select(pair => Table.Number(MedianOf(pair.Larger) / MedianOf(pair.Smaller))),
            ]);
        }

        return table;
    }

    private static double MedianOf(Rounds rounds) => rounds.Median(interval => interval.Median);
}

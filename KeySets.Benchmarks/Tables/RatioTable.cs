using System.Globalization;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Servers;

namespace KeySets.Benchmarks.Tables;

/// <summary>How the service compares with the bare handler, with a column for each database.</summary>
internal sealed class RatioTable
{
    private readonly List<string> _databases = [];
    private readonly List<(int Sets, string Scenario, int Connections, string Database, string Ratio)> _ratios = [];

    /// <summary>Adds what was measured on a database.</summary>
    public void Add(string database, int sets, IReadOnlyList<Rounds> all)
    {
        if (!_databases.Contains(database))
        {
            _databases.Add(database);
        }

        foreach (IGrouping<(string Scenario, int Connections), Rounds> row in all
            .GroupBy(rounds => (rounds.Scenario, rounds.Connections)))
        {
            double[] ratios = row.First().RatiosTo(
                row.Single(rounds => rounds.Target == ServerProgram.Bare), interval => interval.RequestsPerSecond);
            _ratios.Add((sets, row.Key.Scenario, row.Key.Connections, database, Table.Ratio(ratios)));
        }
    }

    /// <inheritdoc />
    public override string ToString()
    {
        Table table = new(["sets", "scenario", "connections", .. _databases]);
        foreach ((int sets, string scenario, int connections) in _ratios
            .Select(ratio => (ratio.Sets, ratio.Scenario, ratio.Connections)).Distinct())
        {
            table.Add([
                sets.ToString("N0", CultureInfo.InvariantCulture),
                scenario,
                connections.ToString(CultureInfo.InvariantCulture),
                .. _databases.Select(database => _ratios.FirstOrDefault(ratio =>
                    ratio.Sets == sets && ratio.Scenario == scenario && ratio.Connections == connections
                    && ratio.Database == database).Ratio ?? ""),
            ]);
        }

        return table.ToString();
    }
}

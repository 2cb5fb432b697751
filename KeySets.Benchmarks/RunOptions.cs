using KeySets.Benchmarks.Scenarios;

namespace KeySets.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="Scenarios">The names of the scenarios.</param>
/// <param name="Connections">The numbers of connections.</param>
/// <param name="Sets">The numbers of sets.</param>
/// <param name="Duration">How long a scenario runs in a round.</param>
/// <param name="Rounds">The number of rounds.</param>
/// <param name="Against">The folder of a second build to compare with; null for none.</param>
/// <param name="Data">The folder of the databases, which keeps the filled ones.</param>
/// <param name="PostgreSql">The connection string of a server of PostgreSQL; null for none.</param>
internal sealed record RunOptions(
    IReadOnlyList<string> Scenarios,
    IReadOnlyList<int> Connections,
    IReadOnlyList<int> Sets,
    TimeSpan Duration,
    int Rounds,
    string? Against,
    string Data,
    string? PostgreSql)
{
    /// <summary>The most connections. Each replaces sets of its own, and there are at least 1,000.</summary>
    public const int MostConnections = 100;

    /// <summary>The least sets, which give every connection some.</summary>
    public const int LeastSets = 1000;

    /// <summary>The name of the scenario of health beside slow queries.</summary>
    public const string HealthBesideScans = "health-beside-scans";

    /// <summary>The name of the scenario of cold starts.</summary>
    public const string ColdStart = "cold-start";

    /// <summary>The names of all scenarios.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Scenario.All.Select(scenario => scenario.Name), HealthBesideScans, ColdStart];
}

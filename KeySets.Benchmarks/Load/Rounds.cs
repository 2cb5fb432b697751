namespace KeySets.Benchmarks.Load;

/// <summary>What was measured of one scenario on one target.</summary>
/// <param name="Scenario">The name of the scenario.</param>
/// <param name="Connections">The number of connections.</param>
/// <param name="Target">The name of the target.</param>
/// <param name="All">One interval for each round.</param>
internal sealed record Rounds(string Scenario, int Connections, string Target, IReadOnlyList<Interval> All)
{
    /// <summary>The median of a value over the rounds.</summary>
    public double Median(Func<Interval, double> value) => MedianOf(All.Select(value));

    /// <summary>
    /// The ratios of a value to that of another target, round by round, from the least to the greatest: both had the
    /// same machine within seconds.
    /// </summary>
    public double[] RatiosTo(Rounds other, Func<Interval, double> value) =>
        [.. All.Zip(other.All, (own, its) => value(own) / value(its)).Order()];

    /// <summary>The median of some values.</summary>
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }
}

using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Scenarios;

namespace KeySets.Benchmarks.Runs;

/// <summary>Runs scenarios on all targets in turn.</summary>
/// <param name="targets">The targets, with data of the same size.</param>
/// <param name="options">What the command line asks for.</param>
/// <param name="progress">Tells what goes on.</param>
internal sealed class SizeRun(IReadOnlyList<Target> targets, RunOptions options, Progress progress)
{
    /// <summary>Runs the scenarios that the command line asks for.</summary>
    public IReadOnlyList<Rounds> Run(CancellationToken cancellationToken)
    {
        List<Rounds> all = [];
        foreach (Scenario scenario in Scenario.All.Where(each => options.Scenarios.Contains(each.Name)))
        {
            Func<int, Requests>[] requests = [.. targets.Select(scenario.Prepare)];
            foreach (int connections in options.Connections)
            {
                progress.Tell($"{scenario.Name}, {connections} connections");
                all.AddRange(Measure(scenario, connections, requests, cancellationToken));
            }
        }

        return all;
    }

    private Rounds[] Measure(
        Scenario scenario, int connections, Func<int, Requests>[] requests, CancellationToken cancellationToken)
    {
        ClosedLoop[] loops = [.. targets.Zip(requests, (target, make) => new ClosedLoop(
            target.Server, scenario.Status, [.. Enumerable.Range(0, connections).Select(make)]))];
        try
        {
            Array.ForEach(loops, loop => loop.Run(options.Duration, cancellationToken));
            Interval[][] rounds =
                [.. Enumerable.Range(0, options.Rounds).Select(round => Round(loops, round, cancellationToken))];
            return [.. targets.Select((target, index) => new Rounds(
                scenario.Name, connections, target.Name, [.. rounds.Select(round => round[index])]))];
        }
        finally
        {
            Array.ForEach(loops, loop => loop.Dispose());
        }
    }

    /// <remarks>Every other round goes backwards, so that no target always runs after the same one.</remarks>
    private Interval[] Round(ClosedLoop[] loops, int round, CancellationToken cancellationToken)
    {
        Interval[] intervals = new Interval[loops.Length];
        for (int step = 0; step < loops.Length; step++)
        {
            int index = round % 2 == 0 ? step : loops.Length - 1 - step;
            intervals[index] = loops[index].Run(options.Duration, cancellationToken);
        }

        return intervals;
    }
}

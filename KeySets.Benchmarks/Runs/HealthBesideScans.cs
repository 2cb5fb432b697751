using System.Diagnostics;
using System.Globalization;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Scenarios;
using KeySets.Benchmarks.Tables;

namespace KeySets.Benchmarks.Runs;

/// <summary>
/// Probes <c>/health/live</c> while searches that find nothing read the whole database: a server whose queries keep it
/// from answering would be restarted for it.
/// </summary>
internal static class HealthBesideScans
{
    private const int Searches = 32;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the searches and the probes on each target.</summary>
    public static async Task<Table> RunAsync(
        IEnumerable<Target> targets, TimeSpan duration, CancellationToken cancellationToken)
    {
        Table table = new(
            "/health/live beside 32 searches",
            "probes", "p50 ms", "p99 ms", "slowest ms", "searches/s", "search p50 ms");
        foreach (Target target in targets)
        {
            (double[] probes, Interval searches) = await RunAsync(target, duration, cancellationToken);
            table.Add(
                target.Name,
                probes.Length.ToString(CultureInfo.InvariantCulture),
                Table.Number(probes[probes.Length / 2]),
                Table.Number(probes[(int)(probes.Length * 0.99)]),
                Table.Number(probes[^1]),
                Table.Number(searches.RequestsPerSecond),
                Table.Number(searches.Median));
        }

        return table;
    }

    private static async Task<(double[] Probes, Interval Searches)> RunAsync(
        Target target, TimeSpan duration, CancellationToken cancellationToken)
    {
        using HttpClient client = new()
        {
            BaseAddress = new UriBuilder("http", "127.0.0.1", target.Server.Port).Uri,
            Timeout = Connection.Patience,
        };
        RandomRequests search = new([target.Get($"{Target.Sets}?$search=zzz")]);
        using ClosedLoop loop = new(target.Server, status: 200, [.. Enumerable.Repeat(search, Searches)]);
        Task<Interval> searches = Task.Run(() => loop.Run(duration, cancellationToken), cancellationToken);
        double[] probes = await ProbeAsync(client, duration, cancellationToken);
        return (probes, await searches);
    }

    /// <summary>Sends a probe whenever one is due, whether or not the ones before it were answered.</summary>
    private static async Task<double[]> ProbeAsync(
        HttpClient client, TimeSpan duration, CancellationToken cancellationToken)
    {
        List<Task<double>> probes = [];
        using PeriodicTimer timer = new(Pause);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < duration;)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            probes.Add(ProbeAsync(client, cancellationToken));
        }

        return [.. (await Task.WhenAll(probes)).Order()];
    }

    private static async Task<double> ProbeAsync(HttpClient client, CancellationToken cancellationToken)
    {
        long before = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer =
            await client.GetAsync(new Uri("/health/live", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(before).TotalMilliseconds;
    }
}

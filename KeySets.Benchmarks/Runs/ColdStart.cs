using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Scenarios;
using KeySets.Benchmarks.Servers;
using KeySets.Benchmarks.Sets;
using KeySets.Benchmarks.Tables;

namespace KeySets.Benchmarks.Runs;

/// <summary>
/// Measures the time from the start of a process to the first set that it has created, in a database that it has
/// created too. The files of the program are in the cache of the operating system from the second start on.
/// </summary>
internal sealed class ColdStart(
    IReadOnlyList<ServerProgram> programs, ISetData data, TokenIssuer issuer, string token, Progress progress)
{
    private const int Starts = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Starts each program several times, in turn.</summary>
    public async Task<Table> RunAsync(CancellationToken cancellationToken)
    {
        progress.Tell(RunOptions.ColdStart);
        List<double>[] all = [.. programs.Select(_ => new List<double>())];
        for (int start = 0; start < Starts; start++)
        {
            foreach ((int index, ServerProgram program) in programs.Index())
            {
                all[index].Add(await StartAsync(program, cancellationToken));
            }
        }

        Table table = new("cold start to the first 201", "median ms", "fastest ms", "slowest ms", "starts");
        foreach ((ServerProgram program, List<double> times) in programs.Zip(all))
        {
            table.Add(
                program.Name,
                Table.Number(Rounds.MedianOf(times)),
                Table.Number(times.Min()),
                Table.Number(times.Max()),
                times.Count.ToString(CultureInfo.InvariantCulture));
        }

        return table;
    }

    private async Task<double> StartAsync(ServerProgram program, CancellationToken cancellationToken)
    {
        ServerData empty = await data.EmptyAsync(program, cancellationToken);
        await using Server server = Server.Start(program, empty, issuer);
        byte[] request = new Target(server, token, sets: 0).Send("POST", Target.Sets, Bodies.Set);
        while (Stopwatch.GetElapsedTime(server.Started) < Patience && !server.HasExited)
        {
            try
            {
                using Connection connection = new(server.Port);
                connection.Send(request, status: 201);
                return Stopwatch.GetElapsedTime(server.Started).TotalMilliseconds;
            }
            catch (SocketException)
            {
                // Nobody listens yet.
                await Task.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
            }
        }

        throw new BenchmarkException($"{program.Name} does not start.{server.Report}");
    }
}

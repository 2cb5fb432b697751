using System.Globalization;
using System.Net.Sockets;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Scenarios;
using KeySets.Benchmarks.Servers;
using KeySets.Benchmarks.Sets;
using KeySets.Benchmarks.Tables;
using KeySets.Model;

namespace KeySets.Benchmarks.Runs;

/// <summary>A run, from publishing the service to the last table.</summary>
internal sealed class BenchmarkRun
{
    private readonly RunOptions _options;
    private readonly Progress _progress = new();
    private readonly TokenIssuer _issuer;
    private readonly string _token;
    private readonly SqliteSetData _files;
    private readonly IReadOnlyList<ServerProgram> _programs;

    private BenchmarkRun(RunOptions options, string work, TokenIssuer issuer)
    {
        _options = options;
        _issuer = issuer;
        _token = issuer.CreateToken(Permissions.ReadWrite);
        _files = new SqliteSetData(options.Data, work, issuer, _progress);
        ServerProgram own = ServerProgram.OfService("KeySets", Path.Combine(work, "build"));
        _programs = options.Against is { } folder
            ? [own, ServerProgram.OfService("against", folder), ServerProgram.OfBare()]
            : [own, ServerProgram.OfBare()];
    }

    /// <summary>Runs what the command line asks for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        // Beside the filled databases: on the disk that --data names, and not in a temporary folder in memory.
        DirectoryInfo work = Directory.CreateDirectory(Path.Combine(options.Data, $"run-{Guid.NewGuid():N}"));
        try
        {
            await using TokenIssuer issuer = await TokenIssuer.StartAsync();
            BenchmarkRun run = new(options, work.FullName, issuer);
            run._progress.Tell("Publishing the service");
            await ServiceBuild.PublishAsync(Path.Combine(work.FullName, "build"), cancellationToken);
            await run.RunAllAsync(work.FullName, cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is BenchmarkException or OperationCanceledException
            or SocketException or HttpRequestException or ObjectDisposedException)
        {
            // Ctrl+C goes to the servers too, which close their connections.
            bool isCancelled = cancellationToken.IsCancellationRequested;
            await Console.Error.WriteLineAsync(isCancelled ? "Cancelled." : exception.Message);
            return isCancelled ? 130 : 1;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private async Task RunAllAsync(string work, CancellationToken cancellationToken)
    {
        if (_programs.FirstOrDefault(program => !File.Exists(program.Arguments[0])) is { } missing)
        {
            throw new BenchmarkException($"There is no {missing.Arguments[0]}.");
        }

        Print(Machine.Describe(work, _programs));
        RatioTable ratios = new();
        await MeasureAsync(_files, ratios, cancellationToken);
        if (_options.PostgreSql is { } server)
        {
            await using PostgreSqlSetData data = new(server, _files, _progress);
            Print(await data.DescribeAsync(cancellationToken));
            await MeasureAsync(data, ratios, cancellationToken);
        }

        Print("requests/s ÷ bare:");
        Print(ratios);
    }

    private async Task MeasureAsync(ISetData data, RatioTable ratios, CancellationToken cancellationToken)
    {
        if (_options.Scenarios.Contains(RunOptions.ColdStart))
        {
            Print(await new ColdStart(_programs, data, _issuer, _token, _progress).RunAsync(cancellationToken));
        }

        List<IReadOnlyList<Rounds>> sizes = [];
        foreach (int sets in Sizes())
        {
            sizes.Add(await MeasureAsync(data, sets, cancellationToken));
            ratios.Add(data.Name, sets, sizes[^1]);
        }

        if (sizes is [{ Count: > 0 } smallest, .., { Count: > 0 } largest])
        {
            Print($"{data.Name}, p50 of the most sets ÷ p50 of the fewest:");
            Print(GrowthTable.Of(smallest, largest));
        }
    }

    private static void Print(object text) => Console.WriteLine($"{text.ToString()!.TrimEnd()}{Environment.NewLine}");

    /// <summary>The sizes in their order; without those that no scenario needs.</summary>
    private int[] Sizes()
    {
        int[] all = [.. _options.Sets.Distinct().Order()];
        bool isOfEach = Scenario.All.Any(scenario => _options.Scenarios.Contains(scenario.Name));
        return isOfEach ? all : _options.Scenarios.Contains(RunOptions.HealthBesideScans) ? all[^1..] : [];
    }

    private async Task<IReadOnlyList<Rounds>> MeasureAsync(
        ISetData data, int sets, CancellationToken cancellationToken)
    {
        TargetGroup targets = new();
        await using (targets)
        {
            await StartAsync(data, targets, sets, cancellationToken);
            foreach (string path in SameBodies.Differences(targets.All[0], targets.All[^1]))
            {
                _progress.Tell($"The bare handler does not send the body of the service: {path}");
            }

            IReadOnlyList<Rounds> all = new SizeRun(targets.All, _options, _progress).Run(cancellationToken);
            if (all.Count > 0)
            {
                Print(string.Create(CultureInfo.InvariantCulture, $"{data.Name}, {sets:N0} sets:"));
                Print(SizeTable.Of(all));
            }

            if (sets == _options.Sets.Max() && _options.Scenarios.Contains(RunOptions.HealthBesideScans))
            {
                _progress.Tell(RunOptions.HealthBesideScans);
                IEnumerable<Target> services = targets.All.Where(target => !target.Server.Program.IsBare);
                Print(await HealthBesideScans.RunAsync(
                    services, _options.Duration * _options.Rounds, cancellationToken));
            }

            return all;
        }
    }

    private async Task StartAsync(
        ISetData data, TargetGroup targets, int sets, CancellationToken cancellationToken)
    {
        foreach (ServerProgram program in _programs)
        {
            ServerData filled = await data.FilledAsync(program, _programs[0], sets, cancellationToken);
            targets.Add(new Target(
                await Server.StartAsync(program, filled, _issuer, cancellationToken), _token, sets));
        }

        _progress.Tell("Waiting until the service has opened every sealed row");
        foreach (Target target in targets.All)
        {
            await target.Server.WaitUntilIdleAsync(cancellationToken);
        }
    }
}

using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Scenarios;
using KeySets.Benchmarks.Servers;
using KeySets.Benchmarks.Sets;
using KeySets.Benchmarks.Tables;
using KeySets.Model;

namespace KeySets.Benchmarks;

/// <summary>A run, from publishing the service to the last table.</summary>
internal sealed class BenchmarkRun
{
    private readonly RunOptions _options;
    private readonly Progress _progress = new();
    private readonly TokenIssuer _issuer;
    private readonly SetData _data;
    private readonly IReadOnlyList<ServerProgram> _programs;

    private BenchmarkRun(RunOptions options, string work, TokenIssuer issuer)
    {
        _options = options;
        _issuer = issuer;
        _data = new SetData(options.Data, work, issuer, _progress);
        ServerProgram own = ServerProgram.OfService("KeySets", Path.Combine(work, "build"));
        _programs = options.Against is { } folder
            ? [own, ServerProgram.OfService("against", folder), ServerProgram.OfBare()]
            : [own, ServerProgram.OfBare()];
    }

    /// <summary>Runs what the command line asks for.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(RunOptions options, CancellationToken cancellationToken)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("keysets-benchmarks-");
        try
        {
            await using TokenIssuer issuer = await TokenIssuer.StartAsync();
            BenchmarkRun run = new(options, work.FullName, issuer);
            run._progress.Tell("Publishing the service");
            await ServiceBuild.PublishAsync(Path.Combine(work.FullName, "build"), cancellationToken);
            await run.RunAllAsync(cancellationToken);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        catch (BenchmarkException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private async Task RunAllAsync(CancellationToken cancellationToken)
    {
        foreach (int sets in _options.Sets)
        {
            Console.WriteLine(SizeTable.Of(await MeasureAsync(sets, cancellationToken)));
        }
    }

    private async Task<IReadOnlyList<Rounds>> MeasureAsync(int sets, CancellationToken cancellationToken)
    {
        TargetGroup targets = new();
        await using (targets)
        {
            await StartAsync(targets, sets, cancellationToken);
            return new SizeRun(targets.All, _options, _progress).Run(cancellationToken);
        }
    }

    private async Task StartAsync(TargetGroup targets, int sets, CancellationToken cancellationToken)
    {
        string token = _issuer.CreateToken(Permissions.ReadWrite);
        foreach (ServerProgram program in _programs)
        {
            string folder = await _data.CopyAsync(program, _programs[0], sets, cancellationToken);
            targets.Add(new Target(
                await Server.StartAsync(program, folder, _issuer, cancellationToken), token, sets));
        }

        _progress.Tell("Waiting until the service has opened every sealed row");
        foreach (Target target in targets.All)
        {
            await target.Server.WaitUntilIdleAsync(cancellationToken);
        }
    }
}

using KeySets.Benchmarks;
using KeySets.Benchmarks.Bare;
using KeySets.Benchmarks.Runs;
using KeySets.Benchmarks.Servers;

// The benchmarks start the bare handler as another process of this program.
if (args is [ServerProgram.Bare, string database, string address])
{
    await BareHost.RunAsync(database, address);
    return 0;
}

return await CommandLine.RunAsync(args, BenchmarkRun.RunAsync);

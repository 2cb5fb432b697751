using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace KeySets.Benchmarks;

/// <summary>The command line.</summary>
internal static class CommandLine
{
    // Ctrl+C ends the servers and removes the folder of the run.
    private static readonly TimeSpan TimeToCleanUp = TimeSpan.FromMinutes(1);

    private static readonly Option<string[]> Scenarios =
        List("--scenarios", $"What to run, all by default: {string.Join(',', RunOptions.Names)}", text => text);

    private static readonly Option<int[]> Connections =
        List("--connections", $"Connections, 1,8,32 by default, at most {RunOptions.MostConnections}", Number);

    private static readonly Option<int[]> Sets =
        List("--sets", $"Sets in the database, 1000,1000000 by default, at least {RunOptions.LeastSets}", Number);

    private static readonly Option<int> Seconds =
        new("--seconds") { Description = "Seconds of a scenario in a round", DefaultValueFactory = _ => 3 };

    private static readonly Option<int> Rounds =
        new("--rounds") { Description = "Rounds, after one that does not count", DefaultValueFactory = _ => 3 };

    private static readonly Option<DirectoryInfo> Against = new Option<DirectoryInfo>("--against")
    {
        Description = "The folder of a second published build of KeySets.Api to compare with",
    }.AcceptExistingOnly();

    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The folder of the databases, which keeps the filled ones for the next run",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "keysets-benchmarks")),
    };

    private static readonly Option<string?> PostgreSql = new("--postgresql")
    {
        Description = "A server to measure too: the connection string of somebody who may create databases there",
        HelpName = "Host=…",
    };

    /// <summary>Reads the command line and runs what it asks for.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, Func<RunOptions, CancellationToken, Task<int>> run)
    {
        RootCommand command = new(
            "Measures KeySets beside a bare handler, and prints tables in Markdown. With the default options it takes "
            + "about half an hour.")
        {
            Scenarios, Connections, Sets, Seconds, Rounds, Against, Data, PostgreSql,
        };
        Seconds.Validators.Add(result => Refuse(result, result.GetValueOrDefault<int>() <= 0));
        Rounds.Validators.Add(result => Refuse(result, result.GetValueOrDefault<int>() <= 0));
        Require(Scenarios, name => RunOptions.Names.Contains(name));
        Require(Connections, number => number is > 0 and <= RunOptions.MostConnections);
        Require(Sets, number => number >= RunOptions.LeastSets);
        command.SetAction((result, cancellationToken) => run(OptionsOf(result), cancellationToken));
        return command.Parse(args).InvokeAsync(
            new InvocationConfiguration
            {
                ProcessTerminationTimeout = TimeToCleanUp,
                EnableDefaultExceptionHandler = false,
            },
            CancellationToken.None);
    }

    private static RunOptions OptionsOf(ParseResult result) => new(
        result.GetValue(Scenarios) is { Length: > 0 } names ? names : RunOptions.Names,
        result.GetValue(Connections) is { Length: > 0 } connections ? connections : [1, 8, 32],
        result.GetValue(Sets) is { Length: > 0 } sets ? sets : [1000, 1_000_000],
        TimeSpan.FromSeconds(result.GetRequiredValue(Seconds)),
        result.GetRequiredValue(Rounds),
        result.GetValue(Against)?.FullName,
        result.GetRequiredValue(Data).FullName,
        result.GetValue(PostgreSql));

    private static Option<T[]> List<T>(string name, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = "a,b,…",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(parse)],
    };

    // What is no number is refused as one that is too small.
    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static void Require<T>(Option<T[]> option, Predicate<T> holds) => option.Validators.Add(result =>
        Refuse(result, !Array.TrueForAll(result.GetValueOrDefault<T[]>() ?? [], holds)));

    private static void Refuse(OptionResult result, bool isWrong)
    {
        if (isWrong)
        {
            result.AddError($"{result.Option.Name} cannot be that. {result.Option.Description}");
        }
    }
}

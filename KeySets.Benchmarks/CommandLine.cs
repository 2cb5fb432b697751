using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace KeySets.Benchmarks;

/// <summary>The command line.</summary>
internal static class CommandLine
{
    // Ctrl+C ends the servers and removes the folder of the run.
    private static readonly TimeSpan TimeToCleanUp = TimeSpan.FromMinutes(1);

    private static readonly Option<string[]> Scenarios = List(
        "--scenarios", $"What to run: {string.Join(',', RunOptions.Names)}", RunOptions.Names, text => text);

    private static readonly Option<int[]> Connections = List("--connections", "Connections", [1, 8, 32], Number);

    private static readonly Option<int[]> Sets =
        List("--sets", "Sets in the database, at least 1000", [1000, 1_000_000], Number);

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
        Description = "The folder that keeps the filled databases for the next run",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "keysets-benchmarks")),
    };

    /// <summary>Reads the command line and runs what it asks for.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] args, Func<RunOptions, CancellationToken, Task<int>> run)
    {
        RootCommand command = new(
            "Measures KeySets beside a bare handler, and prints tables in Markdown. With the default options it takes "
            + "about half an hour.")
        {
            Scenarios, Connections, Sets, Seconds, Rounds, Against, Data,
        };
        foreach (Option<int> option in (Option<int>[])[Seconds, Rounds])
        {
            option.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() > 0, "must be positive"));
        }

        Scenarios.Validators.Add(result => Require(
            result,
            !result.GetValueOrDefault<string[]>()!.Except(RunOptions.Names).Any(),
            $"takes of {string.Join(',', RunOptions.Names)}"));
        Sets.Validators.Add(result => Require(
            result, result.GetValueOrDefault<int[]>()!.All(sets => sets >= 1000), "must be at least 1000"));
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
        result.GetRequiredValue(Scenarios),
        result.GetRequiredValue(Connections),
        result.GetRequiredValue(Sets),
        TimeSpan.FromSeconds(result.GetRequiredValue(Seconds)),
        result.GetRequiredValue(Rounds),
        result.GetValue(Against)?.FullName,
        result.GetRequiredValue(Data).FullName);

    private static Option<T[]> List<T>(
        string name, string description, IReadOnlyList<T> all, Func<string, T> parse)
    {
        Option<T[]> option = new(name) { Description = description, HelpName = "a,b,…" };
        option.DefaultValueFactory = _ => [.. all];
        option.CustomParser = result =>
        {
            try
            {
                return [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(parse)];
            }
            catch (FormatException)
            {
                result.AddError($"{name} takes numbers above zero, separated by commas.");
                return [];
            }
        };
        return option;
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
            ? number
            : throw new FormatException();

    private static void Require(OptionResult result, bool holds, string otherwise)
    {
        if (!holds)
        {
            result.AddError($"{result.Option.Name} {otherwise}.");
        }
    }
}

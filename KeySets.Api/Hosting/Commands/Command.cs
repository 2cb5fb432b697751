using System.Data.Common;
using System.Security.Cryptography;
using System.Xml;
using KeySets.Api.Refusals;

namespace KeySets.Api.Hosting.Commands;

/// <summary>What the program does instead of running the service: its first argument names it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Verb">What the program cannot do if the command fails.</param>
/// <param name="Operand">What follows the name; settings come after it, or are it.</param>
/// <param name="Purpose">What it does, for <c>--help</c>.</param>
/// <param name="Run">Runs it with the operand, and returns the exit code.</param>
public sealed record Command(
    string Name, string Verb, string Operand, string Purpose, Func<CommandStorage, string, Task<int>> Run)
{
    private const string File = "FILE";
    private const string Verify = "verify";

    private static readonly Command[] All =
    [
        new("backup", "back up", File, "write all key sets to a new file, the service running", BackupCommand.RunAsync),
        new("restore", "restore", File, "read that file into a database that has no key sets", RestoreCommand.RunAsync),
        new("copy", "copy", "--to:…", "copy all key sets to the database of settings with to:", CopyCommand.RunAsync),
        new("rotate", "rotate", "", "make a new key of the key ring, which seals from now on", RotateCommand.RunAsync),
        new("reseal", "reseal", "", "seal all private members anew with the current key", ResealCommand.RunAsync),
        new("audit", "verify the audit", Verify, "check that no audit event was altered or removed",
            AuditCommand.RunAsync),
    ];

    /// <summary>The commands, one per line, for <c>--help</c>.</summary>
    public static string Help { get; } = string.Join(
        '\n', All.Select(command => $"  {command.Usage,-34} {command.Purpose}"));

    private string Usage => $"{Name} {Operand}".TrimEnd();

    /// <summary>Runs the command that the first argument names.</summary>
    /// <returns>The exit code; null if the arguments are settings alone.</returns>
    public static async Task<int?> TryRunAsync(string[] args)
    {
        if (args is not [{ } name, .. { } rest] || IsSetting(name))
        {
            return null;
        }

        if (All.FirstOrDefault(command => command.Name == name) is not { } command)
        {
            await Console.Error.WriteLineAsync(
                $"KeySets has no command '{name}'. It has {string.Join(", ", All.Select(one => one.Usage))}");
            return 1;
        }

        string[] operands = [.. rest.Take(command.Operand is File or Verify ? 1 : 0)];
        string[] settings = rest[operands.Length..];
        if ((rest.Length == 0 && command.Operand.Length > 0) || !operands.All(command.IsOperand) || HasOthers(settings))
        {
            await Console.Error.WriteLineAsync(
                $"KeySets cannot {command.Verb}. The command is {command.Usage}, and settings can follow.");
            return 1;
        }

        return await command.RunAsync(settings, operands.FirstOrDefault(""));
    }

    private bool IsOperand(string argument) =>
        Operand == File ? argument.Length > 0 && !IsSetting(argument) : argument == Operand;

    private async Task<int> RunAsync(string[] settings, string operand)
    {
        try
        {
            await using CommandStorage storage = CommandStorage.Of(settings);
            return await Run(storage, operand);
        }
        catch (Exception exception) when (ReasonOf(exception) is { } reason)
        {
            Progress.OfProcess.End();
            await Console.Error.WriteLineAsync($"KeySets cannot {Verb}. {reason.ReplaceLineEndings(" ")}");
            return 1;
        }
    }

    /// <returns>Why a command cannot do its work; null if the program itself has failed.</returns>
    private static string? ReasonOf(Exception exception) => exception switch
    {
        CommandException or StartupException => exception.Message,
        RefusalException { InnerException: { } cause } => $"{exception.Message} {cause.Message}",
        // EF Core says no more than that a failure may pass.
        InvalidOperationException { InnerException: DbException cause } => cause.Message,
        XmlException or CryptographicException => $"The key ring cannot be used. {exception.Message}",
        DbException or RefusalException or IOException or UnauthorizedAccessException or InvalidDataException
            or InvalidOperationException => exception.Message,
        _ => null,
    };

    private static bool IsSetting(string argument) =>
        argument.StartsWith('-') || argument.Contains('=', StringComparison.Ordinal);

    /// <returns>Whether there is an argument that is neither a setting nor the value of the one before it.</returns>
    private static bool HasOthers(string[] arguments) => arguments.Index().Any(argument =>
        !IsSetting(argument.Item)
        && (argument.Index == 0 || arguments[argument.Index - 1].Contains('=', StringComparison.Ordinal)
            || !IsSetting(arguments[argument.Index - 1])));
}

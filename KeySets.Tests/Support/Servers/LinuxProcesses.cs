using System.Globalization;

namespace KeySets.Tests.Support.Servers;

/// <summary>The processes of this machine, by <c>/proc</c>.</summary>
public static class LinuxProcesses
{
    /// <summary>Those whose command line has a text, and their children.</summary>
    public static int[] Of(string command)
    {
        int[] all = All();
        HashSet<int> named = [.. all.Where(id => CommandOf(id)?.Contains(command, StringComparison.Ordinal) == true)];
        return [.. all.Where(id => named.Contains(id) || (ParentOf(id) is { } parent && named.Contains(parent)))];
    }

    /// <summary>A process, which is the first, and its children.</summary>
    public static int[] With(int process) => [process, .. All().Where(id => ParentOf(id) == process)];

    /// <summary>The command line of a process, with zeros between its parts; null if it has ended.</summary>
    public static string? CommandOf(int process) => TryRead($"/proc/{process}/cmdline");

    /// <summary>Kills processes, and waits until they are gone.</summary>
    public static async Task KillAsync(IReadOnlyCollection<int> processes)
    {
        PostgreSqlPrograms.Signal("KILL", processes);
        while (processes.Any(id => Directory.Exists($"/proc/{id}")))
        {
            await Task.Delay(5);
        }
    }

    private static int[] All() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out int id) ? id : 0)
            .Where(id => id > 0),
    ];

    private static int? ParentOf(int process) =>
        // The name of a program can have spaces and brackets.
        TryRead($"/proc/{process}/stat")?.Split(')')[^1].Split(' ') is [_, _, var parent, ..]
            ? int.Parse(parent, CultureInfo.InvariantCulture)
            : null;

    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

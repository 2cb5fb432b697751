using System.Diagnostics;

namespace KeySets.Tests.Support.Servers;

/// <summary>
/// The programs of a PostgreSQL server. They refuse to run as root: then they run as the account <c>postgres</c>.
/// </summary>
public static class PostgreSqlPrograms
{
    private const string Account = "postgres";
    private const string Packages = "/usr/lib/postgresql";

    /// <summary>The folder of the programs; null for none.</summary>
    public static string? Folder { get; } = Packaged()
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    private static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>Skips the test if there are none.</summary>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux() || Folder is null || (IsRoot && !File.Exists("/usr/sbin/runuser")))
        {
            Assert.Ignore("This needs Linux and the programs of a PostgreSQL server (Debian: postgresql).");
        }
    }

    /// <summary>Gives a folder to the account of the programs.</summary>
    public static void Own(string folder)
    {
        if (IsRoot)
        {
            Process.Start("chown", [Account, folder]).WaitForExit();
        }
    }

    /// <summary>Runs a program to its end, and asserts that it succeeds.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(Path.Combine(Folder!, program), arguments);
        await process.EndAsync(program);
    }

    /// <summary>Starts a program as the account of the programs.</summary>
    public static Process Start(string path, params string[] arguments)
    {
        ProcessStartInfo start = IsRoot
            ? new ProcessStartInfo("/usr/sbin/runuser", ["-u", Account, "--", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        // The account cannot enter every folder of the tests.
        start.WorkingDirectory = "/";
        return Process.Start(start)!;
    }

    /// <summary>Sends a signal to processes. Those that have ended are left out.</summary>
    public static void Signal(string signal, IEnumerable<int> processes)
    {
        string[] living = [.. processes.Where(id => Directory.Exists($"/proc/{id}")).Select(id => $"{id}")];
        if (living.Length > 0)
        {
            Process.Start("kill", [$"-{signal}", .. living]).WaitForExit();
        }
    }

    private static IEnumerable<string> Packaged() => Directory.Exists(Packages)
        ? Directory.EnumerateDirectories(Packages).OrderDescending().Select(version => Path.Combine(version, "bin"))
        : [];
}

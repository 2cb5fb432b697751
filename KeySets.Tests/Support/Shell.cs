using System.Diagnostics;

namespace KeySets.Tests.Support;

/// <summary>A POSIX shell with curl, for commands that a person would paste into one.</summary>
public static class Shell
{
    /// <summary>Skips the test if there is none.</summary>
    public static void Require()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/curl"))
        {
            Assert.Ignore("This needs a POSIX shell and /usr/bin/curl.");
        }
    }

    /// <summary>Runs a script, and asserts that it succeeds. A status of 400 or more ends it.</summary>
    /// <returns>Its output. Each answer ends with a line end.</returns>
    public static async Task<string> RunAsync(string script, string? folder = null, TimeSpan? patience = null)
    {
        const string Curl =
            "set -e\ncurl() { /usr/bin/curl --silent --show-error --fail-with-body --write-out '\\n' \"$@\"; }\n";
        ProcessStartInfo start = new("/bin/sh", ["-c", Curl + script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using Process shell = Process.Start(start)!;
        return (await shell.EndAsync("sh", patience)).Output;
    }
}

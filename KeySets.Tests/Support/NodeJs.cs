using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>
/// Node.js with the npm packages of <c>KeySets.Tests/Clients</c>. Tests that need it are skipped if Node.js is missing
/// or the packages are not installed.
/// </summary>
public static class NodeJs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The folder of the programs.</summary>
    public static string Clients { get; } = Path.Combine(Documents.Folder, "KeySets.Tests", "Clients");

    /// <summary>The folder of the packages.</summary>
    public static string Packages { get; } = Path.Combine(Clients, "node_modules");

    /// <summary>Skips the test if no program can run. Call it first, so that a skipped test sets up nothing.</summary>
    public static void Require()
    {
        using Process process = Start(Clients, "--version");
        process.WaitForExit(Patience);
    }

    /// <summary>Starts a program, with its input and output redirected.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="arguments">Its file and its arguments.</param>
    public static Process Start(string folder, params string[] arguments) =>
        Start(new ProcessStartInfo("node", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });

    /// <summary>Runs a program to its end, and asserts that it succeeds.</summary>
    /// <param name="script">Its file, in <c>KeySets.Tests/Clients</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The JSON that it prints.</returns>
    public static async Task<JsonObject> AskAsync(string script, params string[] arguments) =>
        JsonNode.Parse(await RunAsync(Clients, Path.Combine(Clients, script), arguments))!.AsObject();

    /// <summary>Runs a tool of a package to its end, and asserts that it succeeds.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="tool">Its file in the packages.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Its output and its errors.</returns>
    public static async Task<string> RunAsync(string folder, string tool, params string[] arguments)
    {
        using Process process = Start(new ProcessStartInfo("node", [Path.Combine(Packages, tool), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        (string output, string errors) = await process.EndAsync(tool);
        return output + errors;
    }

    private static Process Start(ProcessStartInfo start)
    {
        if (!Directory.Exists(Packages))
        {
            Assert.Ignore("The npm packages are not installed: npm ci --prefix KeySets.Tests/Clients");
        }

        Process process = new() { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            process.Dispose();
            Assert.Ignore("There is no Node.js on this machine.");
        }

        return process;
    }
}

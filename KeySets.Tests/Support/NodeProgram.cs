using System.ComponentModel;
using System.Diagnostics;

namespace KeySets.Tests.Support;

/// <summary>
/// A program of <c>KeySets.Tests/Clients</c> on Node.js, which is asked line by line. Tests that need it are skipped where Node.js is
/// missing, or what the program needs is not installed.
/// </summary>
public sealed class NodeProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Clients = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "Clients"));

    private readonly Process _process;

    /// <summary>Starts a program.</summary>
    /// <param name="script">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    public NodeProgram(string script, params string[] arguments)
    {
        if (!Directory.Exists(Path.Combine(Clients, "node_modules")))
        {
            Assert.Ignore("The npm packages are not installed: npm ci --prefix KeySets.Tests/Clients");
        }

        ProcessStartInfo start = new("node", [script, .. arguments])
        {
            WorkingDirectory = Clients,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = new Process { StartInfo = start };
        try
        {
            _process.Start();
        }
        catch (Win32Exception)
        {
            _process.Dispose();
            Assert.Ignore("There is no Node.js on this machine.");
        }
    }

    /// <summary>Sends a line and waits for the line that answers it.</summary>
    public async Task<string?> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}

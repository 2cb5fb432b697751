using System.Diagnostics;

namespace KeySets.Tests.Support;

/// <summary>A program on Node.js that answers each line of input with a line of output.</summary>
public sealed class NodeProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    /// <summary>Starts a program.</summary>
    /// <param name="script">Its file, in <c>KeySets.Tests/Clients</c> unless the path is absolute.</param>
    /// <param name="arguments">Its arguments.</param>
    public NodeProgram(string script, params string[] arguments) =>
        _process = NodeJs.Start(NodeJs.Clients, [script, .. arguments]);

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

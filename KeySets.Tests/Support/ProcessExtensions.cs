using System.Diagnostics;

namespace KeySets.Tests.Support;

/// <summary>Programs that run to their end.</summary>
public static class ProcessExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits for the end of a program, whose output and errors are redirected, and which must be a success.</summary>
    /// <param name="process">The program, started.</param>
    /// <param name="name">What it is called when it fails.</param>
    /// <returns>What it printed.</returns>
    public static async Task<(string Output, string Errors)> EndAsync(this Process process, string name)
    {
        try
        {
            string[] printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Patience);
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(process.ExitCode, Is.Zero, $"{name}: {string.Join('\n', printed)}");
            return (printed[0], printed[1]);
        }
        finally
        {
            // One that does not end would outlive the tests. To one that has ended this does nothing.
            process.Kill(entireProcessTree: true);
        }
    }
}

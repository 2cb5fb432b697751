using System.Diagnostics;

namespace KeySets.Tests.Support;

/// <summary>Runs programs to their end.</summary>
public static class ProcessExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until a program with redirected output and errors ends, and asserts its success.</summary>
    /// <param name="process">The started program.</param>
    /// <param name="name">Its name in the message of a failure.</param>
    /// <param name="patience">How long it may take; two minutes if nothing else is said.</param>
    /// <returns>Its output and its errors.</returns>
    public static async Task<(string Output, string Errors)> EndAsync(
        this Process process, string name, TimeSpan? patience = null)
    {
        try
        {
            string[] printed = await Task
                .WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync())
                .WaitAsync(patience ?? Patience);
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(process.ExitCode, Is.Zero, $"{name}: {string.Join('\n', printed)}");
            return (printed[0], printed[1]);
        }
        finally
        {
            // A program that hangs would outlive the tests. Killing one that has ended does nothing.
            process.Kill(entireProcessTree: true);
        }
    }
}

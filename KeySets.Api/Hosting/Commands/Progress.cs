using System.Diagnostics;

namespace KeySets.Api.Hosting.Commands;

/// <summary>
/// One line that tells how far a command is: it changes in place on a terminal. Elsewhere a line follows every few
/// seconds.
/// </summary>
/// <param name="output">Where it goes.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
public sealed class Progress(TextWriter output, bool isTerminal)
{
    private readonly TimeSpan _pause = isTerminal ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(2);

    private long _last = Stopwatch.GetTimestamp();
    private bool _isOpen;

    /// <summary>The progress of this process, beside its results.</summary>
    public static Progress OfProcess { get; } = new(Console.Error, !Console.IsErrorRedirected);

    /// <summary>Tells how many sets are done.</summary>
    public void Report(long sets, long all) => Report(sets, all, "sets");

    /// <summary>Tells how many of something are done.</summary>
    public void Report(long done, long all, string what)
    {
        if (Stopwatch.GetElapsedTime(_last) >= _pause || (_isOpen && done >= all))
        {
            _last = Stopwatch.GetTimestamp();
            _isOpen = isTerminal;
            string line = $"{done:N0} of {all:N0} {what}";
            output.Write(isTerminal ? $"\r{line}" : $"{line}{output.NewLine}");
        }
    }

    /// <summary>Ends the line, so that the next one is below it.</summary>
    public void End()
    {
        if (_isOpen)
        {
            output.WriteLine();
            _isOpen = false;
        }
    }
}

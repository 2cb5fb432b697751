using System.Globalization;

namespace KeySets.Benchmarks;

/// <summary>Tells on the error stream what goes on, so that the output holds the tables alone.</summary>
internal sealed class Progress
{
    private readonly TimeProvider _clock = TimeProvider.System;

    /// <summary>Writes a line.</summary>
    public void Tell(string line) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.GetLocalNow():HH:mm:ss} {line}"));
}

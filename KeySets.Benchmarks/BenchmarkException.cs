namespace KeySets.Benchmarks;

/// <summary>A measurement that cannot go on, with a reason for the person who runs it.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);

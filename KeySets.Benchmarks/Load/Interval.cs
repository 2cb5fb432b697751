namespace KeySets.Benchmarks.Load;

/// <summary>What was measured of one server while one scenario ran on it for some seconds.</summary>
/// <param name="RequestsPerSecond">Its requests a second.</param>
/// <param name="Median">The median of the latencies, in milliseconds.</param>
/// <param name="Percentile99">What 99 of 100 latencies do not exceed, in milliseconds.</param>
/// <param name="ProcessorMilliseconds">The time of processors for a request, in milliseconds.</param>
/// <param name="AllocatedBytes">The bytes allocated for a request.</param>
/// <param name="ResidentBytes">The resident memory at the end.</param>
internal sealed record Interval(
    double RequestsPerSecond,
    double Median,
    double Percentile99,
    double ProcessorMilliseconds,
    double AllocatedBytes,
    double ResidentBytes);

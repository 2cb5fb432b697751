namespace KeySets.Benchmarks.Servers;

/// <summary>Waits for servers that still work by themselves.</summary>
internal static class IdleServer
{
    private const double MostOfProcessor = 0.03;
    private const int IdleSteps = 4;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Waits until a server has used next to no processor for two seconds. After its start the service opens every
    /// sealed row in the background.
    /// </summary>
    public static async Task WaitUntilIdleAsync(this Server server, CancellationToken cancellationToken)
    {
        TimeSpan before = server.ProcessorTime;
        for (int idle = 0; idle < IdleSteps;)
        {
            await Task.Delay(Step, cancellationToken);
            TimeSpan after = server.ProcessorTime;
            idle = after - before < MostOfProcessor * Step ? idle + 1 : 0;
            before = after;
        }
    }
}

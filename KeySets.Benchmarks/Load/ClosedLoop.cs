using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using KeySets.Benchmarks.Servers;

namespace KeySets.Benchmarks.Load;

/// <summary>
/// Some connections to a server, each of which sends its next request when it has the answer to the last one.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="status">The status of every answer.</param>
/// <param name="requests">The requests of each connection.</param>
internal sealed class ClosedLoop(Server server, int status, IReadOnlyList<Requests> requests) : IDisposable
{
    private readonly Connection[] _connections = [.. requests.Select(_ => new Connection(server.Port))];

    /// <summary>Sends requests for some time, and waits for all answers.</summary>
    /// <exception cref="BenchmarkException">An answer has another status.</exception>
    public Interval Run(TimeSpan duration, CancellationToken cancellationToken)
    {
        // Without this, a thread would wait for an answer that takes minutes.
        using CancellationTokenRegistration registration = cancellationToken.Register(Dispose);
        long allocated = server.AllocatedBytes();
        TimeSpan used = server.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        List<long>[] latencies = RunAll(start + (long)(duration.TotalSeconds * Stopwatch.Frequency), cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        used = server.ProcessorTime - used;
        allocated = server.AllocatedBytes() - allocated;
        long[] all = [.. latencies.SelectMany(each => each).Order()];
        return new Interval(
            all.Length / seconds,
            Milliseconds(all[all.Length / 2]),
            Milliseconds(all[(int)(all.Length * 0.99)]),
            used.TotalMilliseconds / all.Length,
            (double)allocated / all.Length,
            server.ResidentBytes);
    }

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(_connections, connection => connection.Dispose());

    private static double Milliseconds(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMilliseconds;

    private List<long>[] RunAll(long end, CancellationToken cancellationToken)
    {
        List<long>[] latencies = [.. requests.Select(_ => new List<long>(64 * 1024))];
        Exception? failure = null;
        Thread[] threads = [.. _connections.Index().Select(each => new Thread(() =>
        {
            try
            {
                RunOne(each.Item, requests[each.Index], latencies[each.Index], end);
            }
            catch (Exception exception) when (exception is BenchmarkException or SocketException
                or ObjectDisposedException)
            {
                Interlocked.CompareExchange(ref failure, exception, null);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        cancellationToken.ThrowIfCancellationRequested();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(server.HasExited ? server.Ended() : failure);
        }

        return latencies;
    }

    private void RunOne(Connection connection, Requests own, List<long> latencies, long end)
    {
        long before = Stopwatch.GetTimestamp();
        do
        {
            Answer answer = connection.Send(own.Next(), status);
            own.Read(answer);
            long after = Stopwatch.GetTimestamp();
            latencies.Add(after - before);
            before = after;
        }
        while (before < end);
    }
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KeySets.Benchmarks.Servers;

/// <summary>A server as a process of its own, which ends at the latest with this process.</summary>
internal sealed class Server : IAsyncDisposable
{
    private const int LinesOfReport = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private Socket? _hook;

    private Server(ServerProgram program, int port, ProcessStartInfo start)
    {
        Program = program;
        Port = port;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        Started = Stopwatch.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program that runs.</summary>
    public ServerProgram Program { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port { get; }

    /// <summary>When the process was started, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long Started { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The time of processors that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a server without waiting for it, and without the startup hook, which would take time.</summary>
    public static Server Start(ServerProgram program, ServerData data, TokenIssuer issuer)
    {
        int port = FreePort.Find();
        return new Server(program, port, program.StartInfo(port, data, issuer));
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <exception cref="BenchmarkException">It does not start.</exception>
    public static async Task<Server> StartAsync(
        ServerProgram program, ServerData data, TokenIssuer issuer, CancellationToken cancellationToken)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = FreePort.Find();
        ProcessStartInfo start = program.StartInfo(port, data, issuer);
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        start.Environment[StartupHook.Port] =
            ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        Server? server = new(program, port, start);
        try
        {
            await server.WaitUntilLiveAsync(cancellationToken);
            server._hook = await listener.AcceptSocketAsync(cancellationToken);
            Server live = server;
            server = null;
            return live;
        }
        finally
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    /// <summary>The bytes that it has allocated since its start.</summary>
    public long AllocatedBytes()
    {
        byte[] answer = new byte[sizeof(long)];
        _hook!.Send(stackalloc byte[1]);
        for (int received = 0; received < answer.Length;)
        {
            received += _hook.Receive(answer.AsSpan(received)) is int count and > 0
                ? count
                : throw Ended();
        }

        return BinaryPrimitives.ReadInt64LittleEndian(answer);
    }

    /// <summary>The failure of a server that has ended before the benchmarks.</summary>
    public BenchmarkException Ended() => new($"{Program.Name} has ended.{Report}");

    /// <summary>The last lines that it has printed.</summary>
    public string Report => string.Concat(_output.Select(line => $"{Environment.NewLine}  {line}"));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _hook?.Dispose();
        _process.Dispose();
    }

    private async Task WaitUntilLiveAsync(CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = new UriBuilder("http", "127.0.0.1", Port).Uri };
        while (Stopwatch.GetElapsedTime(Started) < Patience && !HasExited)
        {
            try
            {
                using HttpResponseMessage answer =
                    await client.GetAsync(new Uri("/health/live", UriKind.Relative), cancellationToken);
                answer.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }

        throw new BenchmarkException($"{Program.Name} does not start.{Report}");
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            while (_output.Count > LinesOfReport)
            {
                _output.TryDequeue(out _);
            }
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

/// <summary>
/// The runtime of a measured server calls this class before the server's own entry point (<c>DOTNET_STARTUP_HOOKS</c>
/// demands its name, and no namespace). It tells the benchmarks how many bytes the server has allocated, and ends the
/// server if they end. Between two questions it costs nothing, unlike a session of EventPipe.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable with the port on which the benchmarks wait for the server.</summary>
    public const string Port = "KEYSETS_BENCHMARKS_PORT";

    /// <summary>Called by the runtime.</summary>
    public static void Initialize()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(Port), CultureInfo.InvariantCulture, out int port))
        {
            new Thread(() => Answer(port)) { IsBackground = true, Name = nameof(StartupHook) }.Start();
        }
    }

    private static void Answer(int port)
    {
        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            byte[] question = new byte[1];
            byte[] answer = new byte[sizeof(long)];
            while (socket.Receive(question) > 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(answer, GC.GetTotalAllocatedBytes(precise: true));
                socket.Send(answer);
            }
        }
        catch (SocketException)
        {
            // The benchmarks were killed. Nobody else would end the server.
        }

        Environment.Exit(1);
    }
}

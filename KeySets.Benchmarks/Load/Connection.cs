using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KeySets.Benchmarks.Load;

/// <summary>
/// A kept connection that sends one request after the other. It blocks its thread: on a machine that client and server
/// share, two calls of the system for each request take less from the server than an asynchronous client would.
/// </summary>
internal sealed class Connection : IDisposable
{
    /// <summary>How long an answer may take: 32 queries that read a large database take minutes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly AnswerReader _reader;

    /// <summary>Connects to a port of the loopback interface.</summary>
    public Connection(int port)
    {
        try
        {
            _socket.NoDelay = true;
            _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
            _socket.Connect(IPAddress.Loopback, port);
            _reader = new AnswerReader(_socket);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads its answer, which is valid until the next one.</summary>
    public Answer Send(ReadOnlySpan<byte> request)
    {
        for (int sent = 0; sent < request.Length;)
        {
            sent += _socket.Send(request[sent..]);
        }

        return _reader.Read();
    }

    /// <summary>Sends a request whose answer must have a status.</summary>
    /// <exception cref="BenchmarkException">It has another one.</exception>
    public Answer Send(ReadOnlySpan<byte> request, int status)
    {
        Answer answer = Send(request);
        return answer.Status == status ? answer : throw Unexpected(request, answer);
    }

    /// <summary>The failure of an answer that is not the expected one.</summary>
    public static BenchmarkException Unexpected(ReadOnlySpan<byte> request, Answer answer)
    {
        string line = Encoding.UTF8.GetString(request[..request.IndexOf("\r\n"u8)]);
        string body = Encoding.UTF8.GetString(answer.Body[..Math.Min(answer.Body.Length, 1000)]);
        return new BenchmarkException(string.Create(
            CultureInfo.InvariantCulture, $"{line} was answered with {answer.Status}, not as expected. {body}"));
    }

    /// <summary>Closes the connection. A thread that waits for an answer fails.</summary>
    public void Dispose() => _socket.Dispose();
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace KeySets.Tests.Support;

/// <summary>Receives telemetry by the OpenTelemetry protocol over HTTP. Its messages contain texts unencoded.</summary>
public sealed class OtlpReceiver : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string Text)> _messages = new();

    /// <summary>Starts to listen on a free port.</summary>
    public OtlpReceiver()
    {
        Endpoint = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add($"{Endpoint}/");
        _listener.Start();
        _ = ListenAsync();
    }

    /// <summary>Its address.</summary>
    public string Endpoint { get; }

    /// <summary>Waits until the messages to a path contain all these texts.</summary>
    /// <returns>All messages to the path, as one text.</returns>
    public async Task<string> WaitAsync(string path, params string[] texts)
    {
        for (DateTime end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; await Task.Delay(50))
        {
            if (texts.All(Sent(path).Contains))
            {
                break;
            }
        }

        string sent = Sent(path);
        Assert.That(
            texts.Where(text => !sent.Contains(text, StringComparison.Ordinal)),
            Is.Empty,
            $"These texts were not sent to {path}");
        return sent;
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Close();

    private string Sent(string path) =>
        string.Concat(_messages.Where(message => message.Path == path).Select(message => message.Text));

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using StreamReader reader = new(context.Request.InputStream, Encoding.Latin1);
                _messages.Enqueue((context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync()));
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

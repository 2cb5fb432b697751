using System.Net;
using System.Net.Sockets;

namespace KeySets.Tests.Support;

/// <summary>
/// Stands between the service and a server of PostgreSQL, and cuts a connection at a chosen moment. An answer that is
/// cut off leaves the service without knowing what the server has done.
/// </summary>
public sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private int _answersUntilCut;
    private bool _cutsRequest;
    private bool _staysDown;
    private volatile bool _cutsCommit;
    private volatile bool _isDown;

    /// <summary>Stands before a server.</summary>
    public CuttingProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port that the service connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections it has cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>
    /// Cuts the connection that sends the request with this number, counted from 1: before the server gets it, or after
    /// the server has answered it.
    /// </summary>
    /// <param name="request">The number; 0 for none.</param>
    /// <param name="beforeServer">Whether it is cut before the server gets the request.</param>
    /// <param name="staysDown">Whether all other connections are cut too, and new ones, until the next call.</param>
    public void Cut(int request, bool beforeServer, bool staysDown = false)
    {
        (_cutsRequest, _staysDown, _isDown, _cutsCommit) = (beforeServer, staysDown, false, false);
        Volatile.Write(ref _answersUntilCut, request);
    }

    /// <summary>
    /// Cuts the connection that sends the next commit of a transaction, after the server has answered it, and all
    /// others, and new ones, until the next call of <see cref="Cut"/>.
    /// </summary>
    public void CutCommit()
    {
        Cut(0, beforeServer: false, staysDown: true);
        _cutsCommit = true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        CancellationToken end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync(end);
            _ = RelayAsync(client, end);
        }
    }

    private async Task RelayAsync(TcpClient client, CancellationToken end)
    {
        using TcpClient both = client;
        if (_isDown)
        {
            return;
        }

        using TcpClient server = new(_host, _port);
        (NetworkStream service, NetworkStream database) = (client.GetStream(), server.GetStream());
        byte[] request = new byte[1 << 20];
        byte[] answer = new byte[1 << 20];
        Task<int> asked = service.ReadAsync(request, end).AsTask();
        Task<int> answered = database.ReadAsync(answer, end).AsTask();
        bool isCutting = false;
        try
        {
            while (true)
            {
                if (await Task.WhenAny(asked, answered) == asked)
                {
                    int length = await asked;
                    bool isDown = _isDown;
                    isCutting = IsTheOne(request.AsSpan(0, length));
                    if (length == 0 || isDown || (isCutting && _cutsRequest))
                    {
                        return;
                    }

                    await database.WriteAsync(request.AsMemory(0, length), end);
                    asked = service.ReadAsync(request, end).AsTask();
                }
                else
                {
                    int length = await answered;
                    if (length == 0 || isCutting)
                    {
                        return;
                    }

                    await service.WriteAsync(answer.AsMemory(0, length), end);
                    answered = database.ReadAsync(answer, end).AsTask();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // One of both has gone.
        }
    }

    private bool IsTheOne(ReadOnlySpan<byte> request)
    {
        bool isCommit = _cutsCommit && request.IndexOf("COMMIT\0"u8) >= 0;
        if (isCommit
            || (Volatile.Read(ref _answersUntilCut) > 0 && Interlocked.Decrement(ref _answersUntilCut) == 0))
        {
            _cutsCommit = false;
            Cuts++;
            _isDown = _staysDown;
            return true;
        }

        return false;
    }
}

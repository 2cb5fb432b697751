using System.Net.Sockets;
using System.Text;

namespace KeySets.Tests.Support;

/// <summary>Requests that no HTTP client would send.</summary>
public static class RawHttp
{
    /// <summary>Sends a request byte by byte.</summary>
    /// <param name="address">The server.</param>
    /// <param name="request">The request, in Latin-1. The server must close the connection after its answer.</param>
    /// <param name="isGone">Whether the client is gone before the answer.</param>
    /// <returns>The answer; empty if the server has closed the connection without one.</returns>
    public static async Task<string> SendAsync(Uri address, string request, bool isGone = false)
    {
        using TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            if (isGone)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }

            using StreamReader reader = new(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync();
        }
        catch (IOException) when (isGone)
        {
            return "";
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace KeySets.Tests.Support;

/// <summary>JSON that is sent without a length, a thousand bytes at a time.</summary>
public sealed class PiecesContent : HttpContent
{
    private readonly byte[] _bytes;

    /// <summary>Content with a JSON text.</summary>
    public PiecesContent(string json)
    {
        _bytes = Encoding.UTF8.GetBytes(json);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <inheritdoc />
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (byte[] piece in _bytes.Chunk(1000))
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            await Task.Yield();
        }
    }

    /// <inheritdoc />
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

using System.Buffers.Text;
using System.Net.Sockets;

namespace KeySets.Benchmarks.Load;

/// <summary>Reads answers from a socket, one after the other (RFC 9112 section 6).</summary>
internal sealed class AnswerReader(Socket socket)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    /// <summary>Reads a whole answer.</summary>
    public Answer Read()
    {
        _filled = 0;
        int headLength;
        while ((headLength = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            Receive();
        }

        int start = headLength + 4;
        // HTTP/1.1 200 OK
        int status = Number(_buffer.AsSpan(9, 3));
        ReadOnlySpan<byte> length = Answer.HeaderOf(Head(start), "\r\nContent-Length: "u8);
        bool isChunked = length.IsEmpty && !Answer.HeaderOf(Head(start), "\r\nTransfer-Encoding: "u8).IsEmpty;
        int bodyLength = isChunked ? ReadChunks(start) : ReadBody(start, length.IsEmpty ? 0 : Number(length));
        return new Answer(status, Head(start), _buffer.AsSpan(start, bodyLength));
    }

    private ReadOnlySpan<byte> Head(int length) => _buffer.AsSpan(0, length);

    private int ReadBody(int start, int length)
    {
        FillTo(start + length);
        return length;
    }

    /// <summary>Reads chunks, and moves their data together.</summary>
    private int ReadChunks(int start)
    {
        int next = start;
        int written = start;
        while (true)
        {
            int lineLength;
            while ((lineLength = _buffer.AsSpan(next, _filled - next).IndexOf("\r\n"u8)) < 0)
            {
                Receive();
            }

            if (!Utf8Parser.TryParse(_buffer.AsSpan(next, lineLength), out int size, out _, 'x'))
            {
                throw new BenchmarkException("A chunk of an answer has no size.");
            }

            next += lineLength + 2;
            FillTo(next + size + 2);
            _buffer.AsSpan(next, size).CopyTo(_buffer.AsSpan(written));
            written += size;
            next += size + 2;
            if (size == 0)
            {
                return written - start;
            }
        }
    }

    private void FillTo(int length)
    {
        while (_filled < length)
        {
            Receive();
        }
    }

    private void Receive()
    {
        if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int received = socket.Receive(_buffer.AsSpan(_filled));
        _filled += received > 0 ? received : throw new BenchmarkException("The server has closed a connection.");
    }

    private static int Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int number, out _)
            ? number
            : throw new BenchmarkException("The head of an answer cannot be read.");
}

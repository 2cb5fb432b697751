using System.Text;

namespace KeySets.Benchmarks.Load;

/// <summary>An answer, within the buffer of its connection.</summary>
/// <param name="status">The status.</param>
/// <param name="head">The lines of the head.</param>
/// <param name="body">The body, without the framing of chunks.</param>
internal readonly ref struct Answer(int status, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
{
    /// <summary>The status.</summary>
    public int Status { get; } = status;

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    private ReadOnlySpan<byte> Head { get; } = head;

    /// <summary>The entity tag.</summary>
    /// <exception cref="BenchmarkException">The answer has none.</exception>
    public string EntityTag()
    {
        ReadOnlySpan<byte> tag = HeaderOf(Head, "\r\nETag: "u8);
        return tag.IsEmpty ? throw new BenchmarkException("An answer has no ETag.") : Encoding.ASCII.GetString(tag);
    }

    /// <summary>The value of a header; empty if there is none. Kestrel writes the names in their usual case.</summary>
    public static ReadOnlySpan<byte> HeaderOf(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        int start = head.IndexOf(name);
        if (start < 0)
        {
            return [];
        }

        ReadOnlySpan<byte> rest = head[(start + name.Length)..];
        return rest[..rest.IndexOf("\r\n"u8)];
    }
}

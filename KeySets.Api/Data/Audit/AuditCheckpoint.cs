using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace KeySets.Api.Data.Audit;

/// <summary>
/// The last events of all chains that have grown in a span of time. It carries the hash of the checkpoint before it, so
/// that the last one stands for all events up to its time, those of removed sets included.
/// </summary>
[SuppressMessage("Performance", "CA1819", Justification = "They are columns.")]
public sealed record AuditCheckpoint
{
    /// <summary>Its place, from 1.</summary>
    public long Number { get; init; }

    /// <summary>
    /// The end of its span, in milliseconds since 1970. The span begins after that of the checkpoint before it.
    /// </summary>
    public long Until { get; init; }

    /// <summary>The last events of the chains, as a JSON array of <see cref="ChainHead"/>.</summary>
    public byte[] Heads { get; init; } = [];

    /// <summary>The hash of the checkpoint before it; null for the first one.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>Its own hash, in hexadecimal.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Its hash, sealed by the key ring, which who can write to the database alone does not have.</summary>
    public byte[] Seal { get; init; } = [];

    /// <summary>Whether the events up to it were removed, since they were older than the setting.</summary>
    public bool IsTrimmed { get; init; }

    /// <summary>The checkpoint after another one, without its seal.</summary>
    /// <param name="last">The last checkpoint; null if there is none.</param>
    /// <param name="until">The end of its span.</param>
    /// <param name="heads">The last events of the chains that have grown.</param>
    public static AuditCheckpoint After(AuditCheckpoint? last, long until, IReadOnlyList<ChainHead> heads)
    {
        AuditCheckpoint next = new()
        {
            Number = (last?.Number ?? 0) + 1,
            Until = until,
            Heads = JsonSerializer.SerializeToUtf8Bytes(heads),
            PreviousHash = last?.Hash,
        };
        return next with { Hash = next.HashOfMembers() };
    }

    /// <summary>The last events of the chains.</summary>
    /// <exception cref="JsonException">They were altered.</exception>
    public IReadOnlyList<ChainHead> ReadHeads() => JsonSerializer.Deserialize<ChainHead[]>(Heads)!;

    /// <summary>
    /// What its hash must be: SHA-256 over the hash of the checkpoint before it, its number and the end of its span, as
    /// 64 bits in network byte order each, and the SHA-256 of the heads.
    /// </summary>
    public string HashOfMembers()
    {
        byte[] numbers = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(numbers, Number);
        BinaryPrimitives.WriteInt64BigEndian(numbers.AsSpan(sizeof(long)), Until);
        return Convert.ToHexStringLower(SHA256.HashData(
            [.. Convert.FromHexString(PreviousHash ?? ""), .. numbers, .. SHA256.HashData(Heads)]));
    }
}

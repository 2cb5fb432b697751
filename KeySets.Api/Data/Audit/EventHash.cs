using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KeySets.Model;

namespace KeySets.Api.Data.Audit;

/// <summary>
/// The hash of an audit event: SHA-256 over the hash of the event before it, its place, and the digest of its members.
/// <c>docs/security.md</c> describes it for those who want to check it without this service.
/// </summary>
/// <remarks>The digest apart from the rest: where a database finds the place of an event, it makes the hash.</remarks>
public static class EventHash
{
    /// <summary>What the hash of an event must be, by its members.</summary>
    public static string Of(AuditEvent one) => Of(one.PreviousHash, one.Sequence, DigestOf(one));

    /// <summary>
    /// The digest of the members of an event, but for its place and the hashes: SHA-256 over all of them in the order
    /// of their declaration, each in UTF-8 behind its length in bytes, as 32 bits in network byte order; null has the
    /// length -1, a list the number of its texts, which follow. Times are milliseconds since 1970, as decimals.
    /// </summary>
    public static byte[] DigestOf(AuditEvent one)
    {
        ArrayBufferWriter<byte> bytes = new(512);
        Write(bytes, one.KeySetId);
        Write(bytes, $"{one.At.ToUnixTimeMilliseconds()}");
        Write(bytes, one.Operation);
        WriteLength(bytes, one.Kids.Count);
        foreach (string kid in one.Kids)
        {
            Write(bytes, kid);
        }

        Write(bytes, one.Result);
        Write(bytes, one.Subject);
        Write(bytes, one.Application);
        Write(bytes, one.Issuer);
        Write(bytes, one.Request);
        Write(bytes, one.RequestId);
        Write(bytes, one.Revision?.ToString());
        return SHA256.HashData(bytes.WrittenSpan);
    }

    private static string Of(string? previous, long sequence, byte[] digest)
    {
        byte[] place = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(place, sequence);
        return Convert.ToHexStringLower(
            SHA256.HashData([.. Convert.FromHexString(previous ?? ""), .. place, .. digest]));
    }

    private static void Write(ArrayBufferWriter<byte> bytes, string? text)
    {
        if (text is null)
        {
            WriteLength(bytes, -1);
            return;
        }

        int length = Encoding.UTF8.GetByteCount(text);
        WriteLength(bytes, length);
        Encoding.UTF8.GetBytes(text, bytes.GetSpan(length));
        bytes.Advance(length);
    }

    private static void WriteLength(ArrayBufferWriter<byte> bytes, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
    }
}

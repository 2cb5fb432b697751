using System.Buffers.Text;
using System.Numerics;

namespace KeySets.Api.Keys;

/// <summary>
/// base64url as JOSE defines it (RFC 7515 section 2): no padding, no white space, no stray bits at the end.
/// </summary>
public static class Base64UrlText
{
    /// <summary>The bytes of a text; null if it is not base64url.</summary>
    public static byte[]? Decode(string text)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        // .NET also accepts padding, white space and stray bits. A text without them equals the encoding of its bytes.
        byte[] bytes = Base64Url.DecodeFromChars(text);
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal) ? bytes : null;
    }

    /// <summary>
    /// The number of a Base64urlUInt (RFC 7518 section 2); null if the text is not one, or is zero.
    /// </summary>
    /// <param name="text">The bytes of the number, big-endian.</param>
    /// <param name="minimal">Whether leading zero bytes are refused, as the RFC demands.</param>
    public static BigInteger? DecodeInteger(string text, bool minimal)
    {
        byte[]? bytes = Decode(text);
        if (bytes is null || (minimal && bytes is [0, ..]))
        {
            return null;
        }

        BigInteger number = new(bytes, isUnsigned: true, isBigEndian: true);
        return number.IsZero ? null : number;
    }
}

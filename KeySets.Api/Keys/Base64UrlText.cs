using System.Buffers.Text;
using System.Numerics;

namespace KeySets.Api.Keys;

/// <summary>
/// base64url as JOSE has it (RFC 7515 section 2): no padding, no white space, no stray bits at the end.
/// </summary>
public static class Base64UrlText
{
    /// <summary>The bytes of a text; null where it is not base64url.</summary>
    public static byte[]? Decode(string text)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        // .NET's decoder also takes padding, white space and stray bits; a text without them is what its bytes encode
        // to.
        byte[] bytes = Base64Url.DecodeFromChars(text);
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal) ? bytes : null;
    }

    /// <summary>
    /// The number of a Base64urlUInt (RFC 7518 section 2); null where the text is not one, or is zero.
    /// </summary>
    /// <param name="text">The bytes of the number, big-endian.</param>
    /// <param name="minimal">Whether zero bytes in front are refused, as the RFC demands.</param>
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

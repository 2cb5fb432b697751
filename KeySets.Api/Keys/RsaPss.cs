using System.Numerics;
using System.Security.Cryptography;

namespace KeySets.Api.Keys;

/// <summary>
/// Verifies RSASSA-PSS signatures with a salt of any length (RFC 8017 sections 8.1.2 and 9.1.2). .NET verifies only
/// those whose salt is as long as the hash; OpenSSL makes it as long as it can.
/// </summary>
public static class RsaPss
{
    private const byte Trailer = 0xBC;

    /// <summary>Whether a signature is that of a message.</summary>
    /// <param name="key">The public key.</param>
    /// <param name="message">The message.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="hash">The hash of the message.</param>
    /// <param name="maskHash">The hash of the mask generation function MGF1.</param>
    /// <param name="saltLength">The length of the salt, in bytes.</param>
    public static bool Verify(
        RSAParameters key,
        ReadOnlySpan<byte> message,
        ReadOnlySpan<byte> signature,
        HashAlgorithmName hash,
        HashAlgorithmName maskHash,
        int saltLength)
    {
        BigInteger modulus = Number(key.Modulus);
        BigInteger number = Number(signature);
        int bits = (int)modulus.GetBitLength() - 1;
        int length = (bits + 7) / 8;
        byte[] digest = Hash(hash, message);
        int maskLength = length - digest.Length - 1;
        if (signature.Length != key.Modulus!.Length || number >= modulus || saltLength < 0 || maskLength < saltLength + 1)
        {
            return false;
        }

        byte[] encoded = new byte[length];
        byte[] opened = BigInteger.ModPow(number, Number(key.Exponent), modulus)
            .ToByteArray(isUnsigned: true, isBigEndian: true);
        if (opened.Length > length)
        {
            return false;
        }

        opened.CopyTo(encoded, length - opened.Length);
        int unused = 0xFF >> ((8 * length) - bits);
        if (encoded[^1] != Trailer || (encoded[0] & ~unused) != 0)
        {
            return false;
        }

        ReadOnlySpan<byte> inner = encoded.AsSpan(maskLength, digest.Length);
        byte[] block = Unmasked(encoded.AsSpan(0, maskLength), inner, maskHash);
        block[0] &= (byte)unused;
        ReadOnlySpan<byte> salt = block.AsSpan(maskLength - saltLength);
        ReadOnlySpan<byte> padding = block.AsSpan(0, maskLength - saltLength);
        return padding[^1] == 1
            && padding[..^1].IndexOfAnyExcept((byte)0) < 0
            && Hash(hash, [.. new byte[8], .. digest, .. salt]).AsSpan().SequenceEqual(inner);
    }

    /// <summary>The XOR of a block with MGF1 of a seed (RFC 8017 appendix B.2.1).</summary>
    private static byte[] Unmasked(ReadOnlySpan<byte> block, ReadOnlySpan<byte> seed, HashAlgorithmName hash)
    {
        byte[] unmasked = block.ToArray();
        byte[] mask = [];
        for (int index = 0, counter = 0; index < unmasked.Length; index++)
        {
            if (mask.Length == 0 || index % mask.Length == 0)
            {
                byte[] number = [(byte)(counter >> 24), (byte)(counter >> 16), (byte)(counter >> 8), (byte)counter];
                mask = Hash(hash, [.. seed, .. number]);
                counter++;
            }

            unmasked[index] ^= mask[index % mask.Length];
        }

        return unmasked;
    }

    private static byte[] Hash(HashAlgorithmName name, ReadOnlySpan<byte> bytes) =>
        CryptographicOperations.HashData(name, bytes);

    private static BigInteger Number(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>Makes keys.</summary>
public static class KeyGenerator
{
    private const int RsaBits = 2048;
    private const int SymmetricBytes = 32;

    /// <summary>Makes a key: RSA of 2048 bits with the public exponent 65537, or oct of 256 bits.</summary>
    /// <param name="kty">RSA or oct, in any case.</param>
    /// <exception cref="RefusalException">400: kty is neither.</exception>
    public static TrustFrameworkKey Generate(string kty)
    {
        if (kty.Equals(KeyRules.Rsa, StringComparison.OrdinalIgnoreCase))
        {
            using RSA rsa = RSA.Create(RsaBits);
            return FromRsa(rsa);
        }

        return kty.Equals(KeyRules.Oct, StringComparison.OrdinalIgnoreCase)
            ? FromSecret(RandomNumberGenerator.GetBytes(SymmetricBytes))
            : throw Refusal.UnknownKeyType(KeySetOperations.Kty);
    }

    /// <summary>Makes an oct key from the UTF-8 bytes of a text.</summary>
    /// <exception cref="RefusalException">400: there are too many bytes.</exception>
    public static TrustFrameworkKey FromText(string secret) =>
        Encoding.UTF8.GetByteCount(secret) <= KeyRules.MaximumSymmetricBytes
        ? FromSecret(Encoding.UTF8.GetBytes(secret))
        : throw Refusal.BadSecret(KeySetOperations.K, KeyRules.MaximumSymmetricBytes);

    /// <summary>Makes a key from an RSA key, with its private part.</summary>
    public static TrustFrameworkKey FromRsa(RSA rsa)
    {
        RSAParameters parameters = rsa.ExportParameters(includePrivateParameters: true);
        try
        {
            return new TrustFrameworkKey
            {
                Kty = KeyRules.Rsa,
                E = Base64Url.EncodeToString(parameters.Exponent),
                N = Base64Url.EncodeToString(parameters.Modulus),
                D = Base64Url.EncodeToString(parameters.D),
                P = Base64Url.EncodeToString(parameters.P),
                Q = Base64Url.EncodeToString(parameters.Q),
                Dp = Base64Url.EncodeToString(parameters.DP),
                Dq = Base64Url.EncodeToString(parameters.DQ),
                Qi = Base64Url.EncodeToString(parameters.InverseQ),
            };
        }
        finally
        {
            byte[]?[] secrets =
                [parameters.D, parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ];
            foreach (byte[]? secret in secrets)
            {
                CryptographicOperations.ZeroMemory(secret);
            }
        }
    }

    private static TrustFrameworkKey FromSecret(byte[] secret)
    {
        try
        {
            return new TrustFrameworkKey { Kty = KeyRules.Oct, K = Base64Url.EncodeToString(secret) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}

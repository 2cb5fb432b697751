using System.Numerics;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>What RFC 7518 section 6.3 and the service demand of an RSA key.</summary>
public static class RsaKeyRules
{
    /// <summary>The shortest modulus, in bits (RFC 7518 section 3.3).</summary>
    public const int MinimumBits = 2048;

    /// <summary>
    /// The longest modulus, in bits: past it an operation with the key costs so much that it can serve an attack.
    /// </summary>
    public const int MaximumBits = 8192;

    private static readonly BigInteger MaximumExponent = BigInteger.One << 32;

    /// <summary>Checks the public part, the private part where there is one, and the certificates.</summary>
    /// <exception cref="RefusalException">400: the first rule that is broken.</exception>
    public static void Check(TrustFrameworkKey key, string path)
    {
        if (key.N is null || key.E is null)
        {
            throw Refusal.MissingRsaMember(key.N is null ? $"{path}/n" : $"{path}/e");
        }

        BigInteger modulus = PublicInteger(key.N, $"{path}/n");
        if (modulus.IsEven || modulus.GetBitLength() is < MinimumBits or > MaximumBits)
        {
            throw Refusal.BadModulus($"{path}/n", MinimumBits, MaximumBits);
        }

        BigInteger exponent = PublicInteger(key.E, $"{path}/e");
        if (exponent.IsEven || exponent.IsOne || exponent > MaximumExponent)
        {
            throw Refusal.BadExponent($"{path}/e");
        }

        CheckPrivatePart(key, modulus, exponent, path);
        CertificateRules.Check(key, path);
    }

    /// <remarks>
    /// RFC 7518 section 6.3.2 lets a producer send d alone. Such a key is refused: without its factors it cannot be
    /// checked at a bounded cost, and System.Security.Cryptography cannot use it.
    /// </remarks>
    private static void CheckPrivatePart(TrustFrameworkKey key, BigInteger modulus, BigInteger exponent, string path)
    {
        string?[] members = [key.D, key.P, key.Q, key.Dp, key.Dq, key.Qi];
        if (members.All(member => member is null))
        {
            return;
        }

        if (key is not { D: { } d, P: { } p, Q: { } q, Dp: { } dp, Dq: { } dq, Qi: { } qi })
        {
            throw Refusal.IncompletePrivateKey(path);
        }

        // The order matters: nothing is multiplied or divided before its size is known.
        BigInteger privateExponent = PrivateInteger(d, "d");
        RsaFactor first = new(PrivateInteger(p, "p"), PrivateInteger(dp, "dp"));
        RsaFactor second = new(PrivateInteger(q, "q"), PrivateInteger(dq, "dq"));
        BigInteger coefficient = PrivateInteger(qi, "qi");

        bool consistent = first.Prime * second.Prime == modulus
            && first.Fits(exponent, privateExponent)
            && second.Fits(exponent, privateExponent)
            && coefficient < first.Prime
            && (coefficient * second.Prime % first.Prime).IsOne;
        if (!consistent)
        {
            throw Refusal.InconsistentPrivateKey(path);
        }

        // Zero bytes in front are let pass: .NET writes every private member as long as the modulus or half of it, so
        // that one key in about sixty that it exports has some. The public members are compared and hashed, and have
        // one form only.
        BigInteger PrivateInteger(string text, string name)
        {
            BigInteger value =
                Base64UrlText.DecodeInteger(text, minimal: false) ?? throw Refusal.BadPrivateInteger($"{path}/{name}");
            return value < modulus ? value : throw Refusal.InconsistentPrivateKey(path);
        }
    }

    private static BigInteger PublicInteger(string text, string path) =>
        Base64UrlText.DecodeInteger(text, minimal: true) ?? throw Refusal.BadPublicInteger(path);

    private readonly record struct RsaFactor(BigInteger Prime, BigInteger Exponent)
    {
        /// <summary>Whether e d = 1 and dp = d, both modulo p - 1 (RFC 8017 section 3.2).</summary>
        public bool Fits(BigInteger publicExponent, BigInteger privateExponent)
        {
            // Both factors are below the modulus that they make, so neither is 1.
            BigInteger order = Prime - 1;
            return (publicExponent * privateExponent % order).IsOne && privateExponent % order == Exponent;
        }
    }
}

using System.Numerics;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Keys;

/// <summary>The rules of RFC 7518 section 6.3 and of the service for an RSA key.</summary>
public static class RsaKeyRules
{
    /// <summary>The shortest modulus, in bits (RFC 7518 section 3.3).</summary>
    public const int MinimumBits = 2048;

    /// <summary>
    /// The longest modulus, in bits. An operation with a longer key costs so much that an attacker could exploit it.
    /// </summary>
    public const int MaximumBits = 8192;

    private static readonly BigInteger MaximumExponent = BigInteger.One << 32;

    /// <summary>Checks the public part, the private part if there is one, and the certificates.</summary>
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
    /// RFC 7518 section 6.3.2 lets a producer send d alone. The service refuses such a key: without its factors it
    /// cannot be checked at a bounded cost, and System.Security.Cryptography cannot use it.
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

        // The order matters: the size of a number is checked before it is multiplied or divided.
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

        // Leading zero bytes pass: .NET pads every private member to the length of the modulus or half of it, so about
        // one in sixty of the keys that it exports has some. Public members are compared and hashed, so they have one
        // form only.
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
            // Both factors are less than their product, the modulus, so neither is 1.
            BigInteger order = Prime - 1;
            return (publicExponent * privateExponent % order).IsOne && privateExponent % order == Exponent;
        }
    }
}

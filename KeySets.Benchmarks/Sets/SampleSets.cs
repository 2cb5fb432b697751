using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using KeySets.Model;

namespace KeySets.Benchmarks.Sets;

/// <summary>
/// The sets that the loader writes, by their numbers. Of ten sets, seven have a secret, one has an RSA key, one an RSA
/// key and its successor, and one also the predecessor, which has expired.
/// </summary>
internal static class SampleSets
{
    /// <summary>Goes up when the sets change, so that no run uses databases with the earlier ones.</summary>
    public const int Version = 1;

    private const long Past = 1_600_000_000;
    private const long Future = 4_000_000_000;
    private const long FarFuture = 4_102_444_800;

    // Nobody uses these keys, so a random odd number is as good as a modulus, and needs no time.
    private static readonly string[] Moduli = [.. Enumerable.Range(0, 64).Select(_ => Modulus())];

    /// <summary>The id of a set.</summary>
    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"set-{number:D7}");

    /// <summary>The kid of a key, as long and as random as those that the service makes.</summary>
    public static string KidOf(int number, int ordinal) => Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}/{ordinal}"))));

    /// <summary>Whether a set has RSA keys, which <c>jwks</c> publishes.</summary>
    public static bool HasRsaKeys(int number) => number % 10 >= 7;

    /// <summary>The keys of a set, one of which is active.</summary>
    public static IReadOnlyList<TrustFrameworkKey> KeysOf(int number) => (number % 10) switch
    {
        9 => [Rsa(number, 0, Past, Past + 1), Rsa(number, 1, Past, FarFuture), Rsa(number, 2, Future, FarFuture)],
        8 => [Rsa(number, 0, Past, FarFuture), Rsa(number, 1, Future, FarFuture)],
        7 => [Rsa(number, 0, null, null)],
        _ => [Secret(number)],
    };

    private static TrustFrameworkKey Secret(int number) => new()
    {
        Kty = "oct",
        Use = "sig",
        Kid = KidOf(number, 0),
        K = Base64Url.EncodeToString(SHA512.HashData(Encoding.UTF8.GetBytes(IdOf(number)))),
    };

    private static TrustFrameworkKey Rsa(int number, int ordinal, long? nbf, long? exp) => new()
    {
        Kty = "RSA",
        Use = "sig",
        Kid = KidOf(number, ordinal),
        E = "AQAB",
        N = Moduli[(number + ordinal) % Moduli.Length],
        Nbf = nbf,
        Exp = exp,
    };

    private static string Modulus()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(256);
        bytes[0] |= 0x80;
        bytes[^1] |= 1;
        return Base64Url.EncodeToString(bytes);
    }
}

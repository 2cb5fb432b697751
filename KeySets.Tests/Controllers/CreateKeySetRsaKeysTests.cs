using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: the rules for RSA keys.</summary>
public sealed class CreateKeySetRsaKeysTests : KeyRulesTests
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi"];

    [TestCase("RSA")]
    [TestCase("rsa")]
    [TestCase("Rsa")]
    public async Task Keeps_a_private_rsa_key_with_its_type_in_any_case(string kty)
    {
        JsonObject key = SampleKeys.PrivateRsa();
        key["kty"] = kty;

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["kty"], Is.EqualTo(kty));
        Assert.That((string?)kept["d"], Is.EqualTo((string?)key["d"]));
    }

    [TestCase("n")]
    [TestCase("e")]
    public async Task Refuses_an_rsa_key_without_its_public_part(string member) =>
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), member, null), "AADB2C95039", member);

    [TestCase("n", "")]
    [TestCase("n", "AQAB=")]
    [TestCase("e", "AAEAAQ", Description = "a leading zero byte")]
    [TestCase("e", "AQ+B")]
    [TestCase("e", "AA", Description = "zero")]
    [TestCase("e", "AQ", Description = "one")]
    [TestCase("e", "AQAA", Description = "even")]
    [TestCase("e", "AQAAAAE", Description = "2^32 + 1")]
    public async Task Refuses_a_bad_modulus_or_exponent(string member, string value) =>
        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), member, value), "AADB2C95039", member);

    [TestCase(2047)]
    [TestCase(8193)]
    [TestCase(65537)]
    public async Task Refuses_a_modulus_that_is_not_2048_to_8192_bits_long(int bits) =>
        await AssertRefusedAsync(
            With(SampleKeys.PublicRsa(), "n", SampleKeys.Text(OddNumber(bits))), "AADB2C95039", "n");

    [TestCase(2048)]
    [TestCase(8192)]
    public async Task Takes_a_modulus_of_2048_to_8192_bits(int bits) =>
        await CreateAsync(With(SampleKeys.PublicRsa(), "n", SampleKeys.Text(OddNumber(bits))));

    [Test]
    public async Task Refuses_an_even_modulus()
    {
        byte[] modulus = OddNumber(2048);
        modulus[^1] = 2;

        await AssertRefusedAsync(With(SampleKeys.PublicRsa(), "n", SampleKeys.Text(modulus)), "AADB2C95039", "n");
    }

    [TestCaseSource(nameof(PrivateMembers))]
    public async Task Refuses_a_private_rsa_key_that_lacks_a_member(string member) =>
        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, null), "AADB2C95034", member: null);

    [Test]
    public async Task Refuses_a_private_exponent_alone() =>
        await AssertRefusedAsync(
            With(SampleKeys.PublicRsa(), "d", (string?)SampleKeys.PrivateRsa()["d"]), "AADB2C95034", member: null);

    [TestCaseSource(nameof(PrivateMembers))]
    public async Task Refuses_a_private_member_that_belongs_to_another_key(string member)
    {
        using RSA other = RSA.Create(2048);

        await AssertRefusedAsync(
            With(SampleKeys.PrivateRsa(), member, (string?)SampleKeys.PrivateRsa(other)[member]),
            "AADB2C95034",
            member: null);
    }

    [TestCaseSource(nameof(PrivateMembers))]
    public async Task Refuses_a_private_member_that_is_not_a_number_or_is_larger_than_the_modulus(string member)
    {
        await AssertRefusedAsync(With(SampleKeys.PrivateRsa(), member, "not a number"), "AADB2C95034", member);
        await AssertRefusedAsync(
            With(SampleKeys.PrivateRsa(), member, SampleKeys.Text(OddNumber(2049))), "AADB2C95034", member: null);
        await AssertRefusedAsync(
            With(SampleKeys.PrivateRsa(), member, SampleKeys.Text(OddNumber(4_000_000))), "AADB2C95034", member: null);
    }

    [Test]
    public async Task Takes_private_members_with_leading_zero_bytes_as_dotnet_writes_them()
    {
        JsonObject key = SampleKeys.PrivateRsa();
        foreach (string member in PrivateMembers)
        {
            key[member] = SampleKeys.Text([0, .. Base64Url.DecodeFromChars((string?)key[member])]);
        }

        JsonObject kept = await CreateAsync(key);

        Assert.That((string?)kept["qi"], Is.EqualTo((string?)key["qi"]));
    }

    [Test]
    public async Task Refuses_a_private_part_whose_factors_are_the_modulus_and_one()
    {
        JsonObject key = SampleKeys.PrivateRsa();
        key["p"] = (string?)key["n"];
        key["q"] = "AQ";

        await AssertRefusedAsync(key, "AADB2C95034", member: null);
    }

    [Test]
    public async Task Takes_private_keys_of_4096_bits_and_with_other_exponents()
    {
        using RSA large = RSA.Create(4096);
        await CreateAsync(SampleKeys.PrivateRsa(large));

        JsonObject three = SampleKeys.PrivateRsaWithExponent3();
        Assert.That((string?)three["e"], Is.EqualTo("Aw"));
        await CreateAsync(three);
    }

    /// <summary>2^(bits - 1) + 1.</summary>
    private static byte[] OddNumber(int bits)
    {
        byte[] number = new byte[(bits + 7) / 8];
        number[0] = (byte)(1 << ((bits - 1) % 8));
        number[^1] |= 1;
        return number;
    }
}

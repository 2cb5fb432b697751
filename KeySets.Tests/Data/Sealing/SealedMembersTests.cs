using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sealing;

/// <summary>Private members in the database.</summary>
public sealed class SealedMembersTests : ApiTests
{
    private PrivateMembersProtector Protector => Application.Services.GetRequiredService<PrivateMembersProtector>();

    [Test]
    public async Task Never_appear_in_clear_text_in_what_the_database_stores()
    {
        string[] members = ["k", "d", "p", "q", "dp", "dq", "qi"];
        JsonObject key = new() { ["kty"] = "canary", ["kid"] = "public-canary-kid", ["n"] = "public-canary-n" };
        foreach (string member in members)
        {
            key[member] = $"private-canary-{member}-{Guid.NewGuid():N}";
        }

        await Writer.CreateAsync(new JsonObject { ["keys"] = new JsonArray(key) });

        byte[] stored = Application.Database.ReadStored();
        Assert.That(Holds(stored, "public-canary-kid"u8), Is.True, "public members can be found");
        foreach (string member in members)
        {
            string value = (string)key[member]!;
            Assert.That(Encodings(value).Any(encoded => Holds(stored, encoded)), Is.False, member);
        }
    }

    [Test]
    public async Task Can_be_opened_only_for_their_own_set_and_key()
    {
        PrivateMembers members = new("k value", "d", "p", "q", "dp", "dq", "qi");
        await Writer.CreateAsync(
            """{"id":"own","keys":["""
            + """{"kty":"x","kid":"first","k":"k value","d":"d","p":"p","q":"q","dp":"dp","dq":"dq","qi":"qi"},"""
            + """{"kty":"x","kid":"second"}]}""");

        byte[] row = (await Application.SealedMembersAsync("own", "first"))!;

        Assert.That(Protector.Unseal("own", "first", row), Is.EqualTo(members));
        Assert.That(() => Protector.Unseal("own", "second", row), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => Protector.Unseal("other", "first", row), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => Protector.Unseal("ownfirst", "", row), Throws.InstanceOf<CryptographicException>());
        Assert.That(
            await Application.SealedMembersAsync(
                "own", "second"), Is.Null, "a key without private members has nothing sealed");
    }

    [Test]
    public async Task Are_sealed_by_every_change_and_deleted_with_their_key()
    {
        await SendAsync(HttpMethod.Put, "('changed')", """{"keys":[{"kty":"x","kid":"put","k":"one"}]}""");
        await SendAsync(HttpMethod.Post, "('changed')/keys", """{"kty":"x","kid":"appended","d":"two"}""");
        Assert.That(
            Protector.Unseal("changed", "put", (await Application.SealedMembersAsync("changed", "put"))!).K,
            Is.EqualTo("one"));
        Assert.That(
            Protector.Unseal("changed", "appended", (await Application.SealedMembersAsync("changed", "appended"))!).D,
            Is.EqualTo("two"));

        await SendAsync(
            HttpMethod.Patch,
            "('changed')",
            """{"keys":[{"kty":"x","kid":"put","k":"three"}]}""");
        Assert.That(
            Protector.Unseal("changed", "put", (await Application.SealedMembersAsync("changed", "put"))!).K,
            Is.EqualTo("three"));
        Assert.That(await Application.SealedMembersAsync("changed", "appended"), Is.Null);

        await Writer.DeleteAsync("/trustFramework/keySets('changed')");
        Assert.That(await Application.SealedMembersAsync("changed", "put"), Is.Null);
    }

    [Test]
    public async Task Cannot_be_opened_after_any_change()
    {
        await Writer.CreateAsync("""{"id":"cut","keys":[{"kty":"x","kid":"1","k":"secret"}]}""");
        byte[] row = (await Application.SealedMembersAsync("cut", "1"))!;

        Assert.That(() => Protector.Unseal("cut", "1", row[..^1]), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => Protector.Unseal("cut", "1", []), Throws.InstanceOf<CryptographicException>());
        for (int index = 0; index < row.Length; index++)
        {
            byte[] flipped = [.. row];
            flipped[index] ^= 1;
            Assert.That(
                () => Protector.Unseal("cut", "1", flipped),
                Throws.InstanceOf<CryptographicException>(),
                $"byte {index}");
        }
    }

    [Test]
    public void Do_not_show_when_they_are_printed() => Assert.That(
        new PrivateMembers("secret", "secret", null, null, null, null, null).ToString(), Does.Not.Contain("secret"));

    private static bool Holds(byte[] stored, ReadOnlySpan<byte> text) => stored.AsSpan().IndexOf(text) >= 0;

    private static IEnumerable<byte[]> Encodings(string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        yield return utf8;
        yield return Encoding.Unicode.GetBytes(value);
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(utf8));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8));
        yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8).TrimEnd('=')[..^1]);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body) =>
        Writer.SendAsync(
            method, HttpExtensions.KeySets + path, new StringContent(body, Encoding.UTF8, "application/json"));
}

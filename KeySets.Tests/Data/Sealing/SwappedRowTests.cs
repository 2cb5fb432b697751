using System.Text;
using KeySets.Api.Data.Sealing;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sealing;

/// <summary>
/// Sealed values that were moved, cut, flipped and replaced: the scan finds each, and names its set and kid.
/// </summary>
public sealed class SwappedRowTests : SealedRowTests
{
    [Test]
    public async Task Are_found_wherever_they_come_from()
    {
        await using KeySetsApplication other = new();
        await FillAsync(other);
        Dictionary<string, byte[]> values = new()
        {
            ["another key of the set"] = (await Application.SealedMembersAsync("set", "next"))!,
            ["the key of another set"] = (await Application.SealedMembersAsync("beside", "key"))!,
            ["the same key of another database"] = (await other.SealedMembersAsync("set", "key"))!,
            ["the same key in other letters"] = Seal("set", "KEY"),
            ["a set and a key that read the same"] = Seal("se", "tkey"),
            ["the same key, under another key of the ring"] = UnderAnotherKey(),
            ["an answer to a request"] = Application.Services.GetRequiredService<SealedAnswers>()
                .Seal(Guid.NewGuid(), Encoding.UTF8.GetBytes(Secret)),
        };
        foreach ((string origin, byte[] value) in values)
        {
            await AssertFoundAsync(value, origin);
        }
    }

    [Test]
    public async Task Are_found_however_they_are_cut()
    {
        // Around the mark of Data Protection and the id of the key of the ring behind it, in the middle, at the end.
        foreach (int length in (int[])[0, 1, 3, 4, 5, 19, 20, 21, 36, Whole().Length / 2, Whole().Length - 1])
        {
            await AssertFoundAsync(Whole()[..length], $"{length} bytes");
        }

        await AssertFoundAsync([.. Whole(), 0], "one more");
        await AssertFoundAsync(Whole()[1..], "the first is gone");
        await AssertFoundAsync([.. Whole(), .. Whole()], "twice");
    }

    [Test]
    public async Task Are_found_whichever_byte_is_flipped()
    {
        for (int index = 0; index < Whole().Length; index++)
        {
            byte[] flipped = [.. Whole()];
            flipped[index] ^= (byte)(1 << (index % 8));
            await AssertFoundAsync(flipped, $"byte {index}");
        }
    }

    [Test]
    public async Task Are_found_in_the_place_of_none()
    {
        await Application.PutSealedMembersAsync("beside", "public", Whole());

        Assert.That(await ScanAsync(), Is.EqualTo([new DamagedKey("beside", "public")]));
    }

    /// <summary>
    /// What is sealed is bound to the set and the kid, and to nothing that changes (docs/decisions/0068). Whoever can
    /// write to the database can bring back an earlier value of the same key, take a value away, and take one from a
    /// database with the same key ring, the same id and the same kid.
    /// </summary>
    [Test]
    public async Task Cannot_be_told_from_earlier_values_of_the_same_key_nor_from_none()
    {
        await PutAsync("set", """[{"kty":"oct","kid":"key","k":"bGF0ZXI"}]""");
        await Application.PutSealedMembersAsync("set", "key", Whole());
        Assert.That(await ScanAsync(), Is.Empty);
        Assert.That((await Application.PrivateMembersAsync("set", "key"))!.K, Is.EqualTo(Secret));

        await Application.PutSealedMembersAsync("set", "key", null);
        Assert.That(await ScanAsync(), Is.Empty);
    }

    /// <summary>Asserts that the scan finds a value, if it takes the place of that of a key.</summary>
    private async Task AssertFoundAsync(byte[] value, string what)
    {
        await Application.PutSealedMembersAsync("set", "key", value);
        Assert.That(await ScanAsync(), Is.EqualTo([new DamagedKey("set", "key")]), what);
        await Application.PutSealedMembersAsync("set", "key", Whole());
    }

    private byte[] UnderAnotherKey()
    {
        byte[] renamed = Whole();
        IKey key = Application.Services.GetRequiredService<IKeyManager>()
            .CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        key.KeyId.TryWriteBytes(renamed.AsSpan(4));
        return renamed;
    }

    private byte[] Seal(string id, string kid) => Application.Services.GetRequiredService<PrivateMembersProtector>()
        .Seal(id, kid, new PrivateMembers(Secret, null, null, null, null, null, null));
}

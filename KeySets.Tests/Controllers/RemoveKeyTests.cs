using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>DELETE /trustFramework/keySets('{id}')/keys_v2('{kid}')</c>.</summary>
public sealed class RemoveKeyTests : OperationTests
{
    [SetUp]
    public async Task AddKeys()
    {
        foreach (string kid in (string[])["1", "2", "3"])
        {
            await AddKeyAsync(kid);
        }
    }

    [Test]
    public async Task Removes_a_key_and_leaves_the_others_in_their_order()
    {
        Assert.That((await Writer.DeleteAsync($"{Set}/keys_v2('2')")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 3 enabled"));

        // A new key goes after the last one, although the number of keys has fallen.
        await AddKeyAsync("4");
        await Writer.DeleteAsync($"{Set}/keys_v2('1')");
        await AddKeyAsync("1");
        Assert.That(await StatusesAsync(), Is.EqualTo("3 enabled, 4 enabled, 1 enabled"));
    }

    [Test]
    public async Task Removes_every_key_but_not_the_set()
    {
        foreach (string kid in (string[])["1", "2", "3"])
        {
            await Writer.DeleteAsync($"{Set}/keys_v2/{kid}");
        }

        Assert.That(await KeysAsync(), Is.Empty);
        await AddKeyAsync("5");
        Assert.That(await StatusesAsync(), Is.EqualTo("5 enabled"));
    }

    [Test]
    public async Task Removes_the_private_part_with_the_key()
    {
        Assert.That(await Application.PrivateMembersAsync(Id, "2"), Is.Not.Null);

        await Writer.DeleteAsync($"{Set}/keys_v2('2')");

        Assert.That(await Application.PrivateMembersAsync(Id, "2"), Is.Null);
    }

    [Test]
    public async Task Enables_a_disabled_key_that_is_removed_and_added_again()
    {
        await DisableAsync("2");
        await Writer.DeleteAsync($"{Set}/keys_v2('2')");
        await AddKeyAsync("2");

        Assert.That(await StatusesAsync(), Is.EqualTo("1 enabled, 3 enabled, 2 enabled"));
    }

    private async Task AddKeyAsync(string kid) => Assert.That(
        (await Writer.SendJsonAsync(
            HttpMethod.Post, $"{Set}/keys", $$"""{"kid":"{{kid}}","kty":"EC","k":"secret"}""")).StatusCode,
        Is.EqualTo(HttpStatusCode.OK));

    private async Task<string> StatusesAsync() => string.Join(
        ", ",
        (await (await Writer.GetAsync($"{Set}/keys_v2")).JsonAsync())["value"]!.AsArray()
            .Select(key => Members(key!, "kid", "status")));
}

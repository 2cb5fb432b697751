using System.Net;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>Read, change, write back: what a client has read has no private members, and loses none.</summary>
[OnEveryDatabase(OnTwoInstances = true)]
public sealed class WriteBackTests : OperationTests
{
    [TestCase("PUT", "")]
    [TestCase("PATCH", "")]
    [TestCase("PUT", "/keys")]
    public async Task Keeps_the_private_part_of_a_key_that_comes_back_as_it_was_read(string method, string path)
    {
        await PutKeysAsync(SampleKeys.PrivateRsa(), Other("EC", "dummy"));
        JsonArray read = await KeysAsync();
        string kid = (string)read[0]!["kid"]!;
        PrivateMembers before = (await Application.PrivateMembersAsync(Id, kid))!;
        read[0]!["kty"] = "rsa";
        read[0]!["exp"] = 4102444800;

        HttpResponseMessage response = await WriteAsync(method, path, read.Reverse());

        string answer = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), answer);
        Assert.That(answer, Does.Not.Contain(before.D!), "only what was sent is shown");
        Assert.That((await KeysAsync()).Select(key => (string?)key!["kid"]), Is.EqualTo(["dummy", kid]));
        Assert.That((long?)(await KeysAsync())[1]!["exp"], Is.EqualTo(4102444800));
        Assert.That(await Application.PrivateMembersAsync(Id, kid), Is.EqualTo(before));
        Assert.That((await Application.PrivateMembersAsync(Id, "dummy"))?.D, Is.EqualTo("secret"));
    }

    [TestCase("PUT", "")]
    [TestCase("PATCH", "")]
    [TestCase("PUT", "/keys")]
    public async Task Keeps_the_value_of_an_oct_key(string method, string path)
    {
        await PutKeysAsync(Oct("1", "Zmlyc3Q"), Oct("2", "c2Vjb25k"));
        JsonArray read = await KeysAsync();
        read[0]!["use"] = "sig";

        HttpResponseMessage response = await WriteAsync(method, path, [read[0], Oct("2", "b3RoZXI")]);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That((await Application.PrivateMembersAsync(Id, "1"))!.K, Is.EqualTo("Zmlyc3Q"));
        Assert.That((await Application.PrivateMembersAsync(Id, "2"))!.K, Is.EqualTo("b3RoZXI"), "what was sent");
        Assert.That((string?)(await KeysAsync())[0]!["use"], Is.EqualTo("sig"));
    }

    [Test]
    public async Task Keeps_it_in_a_batch_too()
    {
        await PutKeysAsync(Oct("1", "Zmlyc3Q"));
        JsonObject request = new()
        {
            ["id"] = "1",
            ["atomicityGroup"] = "g",
            ["method"] = "PUT",
            ["url"] = $"trustFramework/keySets('{Id}')",
            ["body"] = new JsonObject { ["keys"] = (await KeysAsync()).DeepClone() },
        };

        HttpResponseMessage response = await Writer.SendJsonAsync(
            HttpMethod.Post, "/$batch", new JsonObject { ["requests"] = new JsonArray(request) }.ToJsonString());

        Assert.That((int?)(await response.JsonAsync())["responses"]![0]!["status"], Is.EqualTo(200));
        Assert.That((await Application.PrivateMembersAsync(Id, "1"))!.K, Is.EqualTo("Zmlyc3Q"));
    }

    [Test]
    public async Task Keeps_it_time_after_time()
    {
        await PutKeysAsync(Oct("1", "Zmlyc3Q"));
        for (int time = 0; time < 3; time++)
        {
            await WriteAsync("PUT", "", await KeysAsync());
        }

        Assert.That((await Application.PrivateMembersAsync(Id, "1"))!.K, Is.EqualTo("Zmlyc3Q"));
    }

    [Test]
    public async Task Drops_it_with_another_key_of_the_same_kid()
    {
        JsonObject key = SampleKeys.PrivateRsa();
        key["kid"] = "1";
        await PutKeysAsync(key, Other("EC", "dummy"));
        JsonObject other = SampleKeys.NewPublicRsa();
        other["kid"] = "1";

        await WriteAsync("PUT", "", [other, new JsonObject { ["kty"] = "Other", ["kid"] = "dummy" }]);

        Assert.That(await Application.PrivateMembersAsync(Id, "1"), Is.Null, "another modulus");
        Assert.That(await Application.PrivateMembersAsync(Id, "dummy"), Is.Null, "another kty");
    }

    [Test]
    public async Task Takes_new_private_members_in_the_place_of_the_old()
    {
        JsonObject key = SampleKeys.PublicRsa();
        key["kid"] = "1";
        await PutKeysAsync(key.DeepClone());
        await WriteAsync("PUT", "", await KeysAsync());
        Assert.That(await Application.PrivateMembersAsync(Id, "1"), Is.Null, "there was none");
        JsonObject whole = SampleKeys.PrivateRsa();
        whole["kid"] = "1";

        await WriteAsync("PUT", "", [whole]);

        Assert.That(
            (await Application.PrivateMembersAsync(Id, "1"))!.D, Is.EqualTo((string?)SampleKeys.PrivateRsa()["d"]));
    }

    [TestCase("PUT", "", "keys/0/k")]
    [TestCase("PATCH", "", "keys/0/k")]
    [TestCase("PUT", "/keys", "value/0/k")]
    public async Task Refuses_an_oct_key_without_a_value_that_the_set_does_not_have(
        string method, string path, string target)
    {
        await PutKeysAsync(Oct("1", "Zmlyc3Q"));

        foreach (string? kid in (string?[])["2", null])
        {
            await (await WriteAsync(method, path, [new JsonObject { ["kty"] = "oct", ["kid"] = kid }]))
                .AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C90253", target);
        }

        Assert.That((await Application.PrivateMembersAsync(Id, "1"))!.K, Is.EqualTo("Zmlyc3Q"));
    }

    [Test]
    public async Task Refuses_it_in_a_new_set_and_in_another_one()
    {
        await PutKeysAsync(Oct("1", "Zmlyc3Q"));
        string body = new JsonObject { ["keys"] = (await KeysAsync()).DeepClone() }.ToJsonString();

        await (await Writer.SendJsonAsync(HttpMethod.Put, $"{HttpExtensions.KeySets}('{Id}-copy')", body))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C90253", "keys/0/k");
        await (await Writer.CreateAsync(body))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "AADB2C90253", "keys/0/k");
    }

    private static JsonObject Oct(string kid, string value) => new() { ["kty"] = "oct", ["kid"] = kid, ["k"] = value };

    private static JsonObject Other(string kty, string kid) => new() { ["kty"] = kty, ["kid"] = kid, ["d"] = "secret" };

    private Task<HttpResponseMessage> WriteAsync(string method, string path, IEnumerable<JsonNode?> keys) =>
        Writer.SendJsonAsync(new HttpMethod(method), Set + path, new JsonObject
        {
            [path.Length == 0 ? "keys" : "value"] = new JsonArray([.. keys.Select(key => key!.DeepClone())]),
        }.ToJsonString());
}

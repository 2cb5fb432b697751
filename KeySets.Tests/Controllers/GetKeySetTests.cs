using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>GET /trustFramework/keySets('{id}')</c>.</summary>
public sealed class GetKeySetTests : ApiTests
{
    private static readonly string[] PrivateMembers = ["k", "d", "p", "q", "dp", "dq", "qi"];

    [TestCase("/trustFramework/keySets('read')")]
    [TestCase("/trustFramework/keySets/read")]
    [TestCase("/beta/trustFramework/keySets('read')")]
    [TestCase("/beta/trustFramework/keySets/read")]
    [TestCase("/trustFramework/keySets(%27read%27)")]
    [TestCase("/trustFramework/keySets('re%61d')")]
    public async Task Reads_a_set_by_its_id(string url)
    {
        await Writer.CreateAsync("""{"id":"read"}""");

        HttpResponseMessage response = await Application.Reader.GetAsync(url);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo("read"));
    }

    [Test]
    public async Task Shows_the_created_set_without_private_members()
    {
        HttpResponseMessage created = await Writer.CreateAsync(Documentation.CreateRequest);
        JsonObject expected = await created.JsonAsync();
        foreach (string member in PrivateMembers)
        {
            expected["keys"]![0]!.AsObject().Remove(member);
        }

        HttpResponseMessage response = await Writer.GetAsync(created.Headers.Location);

        Assert.That((await response.JsonAsync()).ToJsonString(), Is.EqualTo(expected.ToJsonString()));
        Assert.That(response.Header("ETag"), Is.EqualTo(created.Header("ETag")));
    }

    [Test]
    public async Task Leaves_private_members_out_whether_or_not_a_key_has_them()
    {
        HttpResponseMessage created = await Writer.CreateAsync(
            new JsonObject { ["keys"] = new JsonArray(SampleKeys.PrivateRsa(), new JsonObject { ["kty"] = "EC" }) });

        JsonArray keys = (await (await Writer.GetAsync(created.Headers.Location)).JsonAsync())["keys"]!.AsArray();

        string[] shown = ["@odata.type", "x5c", "x5t", "kty", "use", "exp", "nbf", "kid", "e", "n"];
        Assert.That(keys[0]!.AsObject().Select(member => member.Key), Is.EqualTo(shown));
        Assert.That(keys[1]!.AsObject().Select(member => member.Key), Is.EqualTo(shown));
    }

    [Test]
    public async Task Keeps_the_order_of_keys()
    {
        string[] kids = [.. Enumerable.Range(0, 100).Select(index => $"{(index * 37) % 100}")];
        HttpResponseMessage created = await Writer.CreateAsync(new JsonObject
        {
            ["keys"] = new JsonArray([.. kids.Select(kid => new JsonObject { ["kty"] = "EC", ["kid"] = kid })]),
        });

        JsonObject read = await (await Writer.GetAsync(created.Headers.Location)).JsonAsync();

        Assert.That(read["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo(kids));
    }

    [TestCase("/trustFramework/keySets('nobody')")]
    [TestCase("/trustFramework/keySets/nobody")]
    [TestCase("/trustFramework/keySets('%2F..%2F')")]
    [TestCase("/trustFramework/keySets('O''Neil')")]
    public async Task Says_that_there_is_no_such_set(string url) =>
        await (await Writer.GetAsync(url)).AssertErrorAsync(HttpStatusCode.NotFound, "AADB2C90073", "id");

    [Test]
    public async Task Ignores_custom_query_options_and_follows_format()
    {
        await Writer.CreateAsync("""{"id":"formatted"}""");

        HttpResponseMessage response = await Writer.GetAsync(
            "/trustFramework/keySets/formatted?trace=1&$format=json", ("Accept", "text/csv"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refuses_a_media_type_that_it_cannot_write()
    {
        await Writer.CreateAsync("""{"id":"csv"}""");

        HttpResponseMessage response = await Writer.GetAsync("/trustFramework/keySets/csv", ("Accept", "text/csv"));

        await response.AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "Accept");
    }

    [TestCase("text/csv")]
    [TestCase("xml")]
    [TestCase("application/xml")]
    [TestCase("atom")]
    [TestCase("")]
    [TestCase("application/json;metadata=some")]
    public async Task Refuses_a_format_that_it_cannot_write(string format)
    {
        await Writer.CreateAsync("""{"id":"format"}""");

        HttpResponseMessage response = await Writer.GetAsync($"/trustFramework/keySets/format?$format={format}");

        await response.AssertErrorAsync(HttpStatusCode.NotAcceptable, "NotAcceptable", "$format");
    }

    [TestCase("application/json;odata.metadata=none", "application/json; odata.metadata=none")]
    [TestCase("application/json;metadata=none", "application/json; odata.metadata=none")]
    [TestCase("application/json;odata.metadata=none;charset=utf-8", "application/json; odata.metadata=none")]
    [TestCase(
        "application/json%3Bmetadata=none%3BIEEE754Compatible=true",
        "application/json; odata.metadata=none; IEEE754Compatible=true")]
    public async Task Follows_the_parameters_of_a_format(string format, string contentType)
    {
        await Writer.CreateAsync("""{"id":"parameters"}""");

        HttpResponseMessage response = await Writer.GetAsync($"/trustFramework/keySets/parameters?$format={format}");

        Assert.That(response.Header("Content-Type"), Is.EqualTo(contentType));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"id":"parameters","keys":[]}"""));
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>The setting <c>KeySets:IdPrefix</c>.</summary>
public sealed class IdPrefixTests() : ApiTests(new KeySetsApplication(("KeySets:IdPrefix", "B2C_1A_")))
{
    [TestCase("Container", "B2C_1A_Container")]
    [TestCase("B2C_1A_Other", "B2C_1A_Other")]
    [TestCase("b2c_1a_Third", "B2C_1A_b2c_1a_Third")]
    public async Task Puts_the_prefix_in_front_of_an_id_that_lacks_it(string sent, string kept)
    {
        HttpResponseMessage response = await Writer.CreateAsync(new JsonObject { ["id"] = sent });

        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo(kept));
        Assert.That(response.Headers.Location!.AbsolutePath, Is.EqualTo($"/trustFramework/keySets('{kept}')"));
    }

    [Test]
    public async Task Treats_an_id_with_and_without_the_prefix_as_the_same()
    {
        await Writer.CreateAsync("""{"id":"Twice"}""");

        HttpResponseMessage second = await Writer.CreateAsync("""{"id":"B2C_1A_Twice"}""");

        await second.AssertErrorAsync(HttpStatusCode.Conflict, "AADB2C95028", "id");
    }

    [Test]
    public async Task Adds_no_prefix_to_a_generated_id()
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}");

        Assert.That(Guid.TryParseExact((string?)(await response.JsonAsync())["id"], "D", out _), Is.True);
    }

    [Test]
    public async Task Counts_the_prefix_among_the_128_characters_of_an_id()
    {
        HttpResponseMessage longest = await Writer.CreateAsync(new JsonObject { ["id"] = new string('x', 121) });
        HttpResponseMessage tooLong = await Writer.CreateAsync(new JsonObject { ["id"] = new string('y', 122) });

        Assert.That(longest.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await tooLong.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "id");
    }

    [Test]
    public async Task Refuses_an_empty_id() =>
        await (await Writer.CreateAsync("""{"id":""}"""))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "id");

    [TestCase("PUT")]
    [TestCase("PATCH")]
    public async Task Creates_no_set_at_a_URL_without_the_prefix(string method)
    {
        HttpResponseMessage without = await Writer.SendAsync(
            new HttpMethod(method), "/trustFramework/keySets('Url')", Json());
        HttpResponseMessage with = await Writer.SendAsync(
            new HttpMethod(method), $"/trustFramework/keySets('B2C_1A_{method}')", Json());

        await without.AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "id");
        Assert.That(with.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    private static StringContent Json() => new("{}", new MediaTypeHeaderValue("application/json"));
}

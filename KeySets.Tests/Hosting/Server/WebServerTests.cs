using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Server;

/// <summary>The limits of Kestrel, the web server of the service.</summary>
public sealed class WebServerTests : ProcessTests
{
    [Test]
    public async Task Limits_bodies_on_its_own_web_server()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();

        HttpResponseMessage largest = await client.CreateAsync("{}".PadRight(1024 * 1024));
        HttpResponseMessage tooLarge = await client.CreateAsync("{}".PadRight((1024 * 1024) + 1));
        // Without it, Kestrel would close the connection while the client is still sending.
        client.DefaultRequestHeaders.ExpectContinue = true;
        HttpResponseMessage farTooLarge = await client.CreateAsync("{}".PadRight(9 * 1024 * 1024));

        Assert.That(largest.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(largest.Headers.Contains("Server"), Is.False);
        await tooLarge.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");
        await farTooLarge.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");
    }

    [Test]
    public async Task Counts_the_body_but_not_the_framing_of_its_chunks()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, HttpExtensions.KeySets)
        {
            Content = new PiecesContent("{}".PadRight(1024 * 1024)),
        };

        HttpResponseMessage response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TestCase("", "innererror")]
    [TestCase("/beta", "innerError")]
    public async Task Refuses_a_host_that_the_settings_do_not_list_in_the_one_shape(string root, string member)
    {
        await using KeySetsApplication application = new(("AllowedHosts", "keys.example"));

        HttpResponseMessage refused =
            await application.Writer.GetAsync($"{root}/trustFramework/keySets", ("Host", "other.example"));
        HttpResponseMessage answered =
            await application.Writer.GetAsync($"{root}/trustFramework/keySets", ("Host", "keys.example"));

        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(refused.Header("Content-Language"), Is.EqualTo("en"));
        Assert.That(
            (string?)(await refused.JsonAsync())["error"]![member]!["request-id"],
            Is.EqualTo(refused.Header("request-id")).And.Not.Null);
    }

    [Test]
    public async Task Refuses_a_body_with_an_impossible_chunk_size()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();

        string answer = await RawHttp.SendAsync(
            client.BaseAddress!,
            $"POST {HttpExtensions.KeySets} HTTP/1.1\r\nHost: localhost\r\n"
            + $"Authorization: {client.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc\r\n");

        Assert.That(answer, Does.StartWith("HTTP/1.1 400 Bad Request\r\n"));
    }
}

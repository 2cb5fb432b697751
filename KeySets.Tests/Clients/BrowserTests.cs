using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>A real browser uses a running service. npm playwright-core drives it.</summary>
public sealed class BrowserTests : ProcessTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Test]
    public async Task Creates_a_set_with_two_clicks_and_no_typing()
    {
        Require();
        using KeySetsProcess service =
            new(Folder.FullPath, "Development", ["--ConnectionStrings:KeySets=Data Source=:memory:"]);
        using HttpClient client = await service.ClientAsync();
        string screenshot = Path.Combine(TestContext.CurrentContext.WorkDirectory, "page.png");

        JsonObject seen = await NodeJs.AskAsync("page.mjs", client.BaseAddress!.AbsoluteUri, screenshot, Chromium);

        Assert.That((string?)seen["at"], Does.StartWith($"{client.BaseAddress}scalar/"));
        Assert.That((int?)seen["status"], Is.EqualTo(201));
        Assert.That((await client.GetAsync((string)seen["location"]!)).IsSuccessStatusCode, Is.True);
        Assert.That(seen["elsewhere"]!.AsArray(), Is.Empty, "The page sends requests to other hosts.");
        Assert.That(seen["complaints"]!.AsArray(), Is.Empty);
        TestContext.AddTestAttachment(screenshot);
    }

    [Test]
    public async Task Uses_the_service_from_a_listed_origin_and_reads_only_published_keys_from_another()
    {
        const string listed = "http://app.localhost";
        Require();
        using KeySetsProcess service = new(
            Folder.FullPath,
            "Development",
            ["--ConnectionStrings:KeySets=Data Source=:memory:", $"--KeySets:Cors:Origins:0={listed}"]);
        using HttpClient client = await service.ClientAsync();

        JsonObject seen = await NodeJs.AskAsync(
            "origin.mjs",
            client.BaseAddress!.AbsoluteUri,
            $"{client.DefaultRequestHeaders.Authorization}",
            listed,
            "http://other.localhost",
            Chromium);

        Assert.That(Seen(seen["listed"]!), Is.EqualTo([
            "create 201 etag location odata-version request-id",
            "change 200 etag odata-version request-id",
            "missing 404 odata-version request-id",
            "anonymous 401 odata-version request-id www-authenticate",
            "batch 200 odata-version request-id",
            "jwks 200 etag request-id",
            "noJwks 404 odata-version request-id",
        ]));
        // The browser shows nothing of an answer: status 0.
        Assert.That(Seen(seen["other"]!), Is.EqualTo([
            "create 0 ", "change 0 ", "missing 0 ", "anonymous 0 ", "batch 0 ",
            "jwks 200 etag request-id",
            "noJwks 404 odata-version request-id",
        ]));
    }

    private static void Require()
    {
        if (!File.Exists(Chromium))
        {
            Assert.Ignore($"There is no browser at {Chromium}.");
        }

        NodeJs.Require();
    }

    private static IEnumerable<string> Seen(JsonNode page) =>
        page.AsObject().Select(answer => $"{answer.Key} {answer.Value!["status"]} {answer.Value["headers"]}");
}

using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>A real browser on the page of a running service. npm playwright-core drives it.</summary>
public sealed class BrowserTests : ProcessTests
{
    private const string Chromium = "/usr/bin/chromium";

    [Test]
    public async Task Creates_a_set_with_two_clicks_and_no_typing()
    {
        if (!File.Exists(Chromium))
        {
            Assert.Ignore($"There is no browser at {Chromium}.");
        }

        NodeJs.Require();
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
}

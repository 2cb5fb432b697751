using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Api;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
public sealed class HealthTests
{
    [Test]
    public async Task Is_live_and_ready_after_the_start()
    {
        await using KeySetsApplication application = new();

        Assert.That(await application.Anonymous.GetStringAsync("/health/live"), Is.EqualTo("Healthy"));
        Assert.That(await application.Anonymous.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Is_live_but_not_ready_when_the_key_ring_is_lost()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        await client.CreateAsync(Documentation.CreateRequest);
        Directory.Delete(Path.Combine(application.DataFolder, "key-ring"), recursive: true);

        HttpResponseMessage ready = await client.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Is_live_but_not_ready_when_the_database_cannot_be_read()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        application.CloseConnections();
        File.Delete($"{application.DatabaseFile}-wal");
        await File.WriteAllTextAsync(application.DatabaseFile, "this is no database, and long enough to be taken for the header of one".PadRight(4096));

        HttpResponseMessage ready = await client.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}

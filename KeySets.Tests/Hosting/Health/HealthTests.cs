using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeySets.Tests.Hosting.Health;

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
    public async Task Is_not_ready_when_the_disk_has_less_free_space_than_the_setting_demands()
    {
        // Read as bytes, this much would be free.
        long twiceWhatIsFree = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace / (1024 * 1024) * 2;
        await using KeySetsApplication application = new(("Health:LeastFreeMebibytes", $"{twiceWhatIsFree}"));

        HttpResponseMessage ready = await application.Anonymous.GetAsync("/health/ready");

        await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That(
            (string?)(await ready.JsonAsync())["error"]!["message"], Is.EqualTo("The service is not ready: disk."));
    }

    [Test]
    public async Task Commits_at_most_once_a_second_however_often_it_is_asked()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Anonymous;
        using MetricCollector<int> commits = new(
            application.Services.GetRequiredService<IMeterFactory>(), "KeySets", "keysets.commit.writes");
        Stopwatch watch = Stopwatch.StartNew();

        for (int request = 0; request < 50; request++)
        {
            Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        }

        Assert.That(commits.GetMeasurementSnapshot(), Has.Count.InRange(1, 1 + (int)watch.Elapsed.TotalSeconds));
        int soon = commits.GetMeasurementSnapshot().Count;
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await client.GetStringAsync("/health/ready");
        Assert.That(commits.GetMeasurementSnapshot(), Has.Count.EqualTo(soon + 1));
    }
}

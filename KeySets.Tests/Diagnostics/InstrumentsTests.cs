using System.Diagnostics.Metrics;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeySets.Tests.Diagnostics;

/// <summary>The metrics of the service.</summary>
public sealed class InstrumentsTests : ApiTests
{
    [Test]
    public async Task Measures_the_commit_of_a_write()
    {
        using MetricCollector<double> durations = Collect<double>("keysets.commit.duration");
        using MetricCollector<int> writes = Collect<int>("keysets.commit.writes");

        await Writer.CreateAsync("{}");

        Assert.That(
            durations.GetMeasurementSnapshot().Select(commit => commit.Value),
            Is.All.InRange(0.000001, 10).And.Exactly(1).Items);
        Assert.That(writes.GetMeasurementSnapshot().Select(commit => commit.Value), Is.EqualTo([1]));
    }

    [Test]
    public async Task Counts_every_write_when_writes_share_commits()
    {
        using MetricCollector<int> writes = Collect<int>("keysets.commit.writes");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Writer.CreateAsync("{}")));

        Assert.That(writes.GetMeasurementSnapshot().Sum(commit => commit.Value), Is.EqualTo(40));
    }

    [Test]
    public async Task Measures_the_generation_of_a_key_by_its_type()
    {
        await Writer.CreateAsync("""{"id":"measured"}""");
        using MetricCollector<double> keys = Collect<double>("keysets.key.generation.duration");

        await Writer.SendJsonAsync(
            HttpMethod.Post, "/trustFramework/keySets/measured/generateKey", """{"use":"sig","kty":"rsa"}""");

        Assert.That(keys.GetMeasurementSnapshot().Select(key => key.Tags["keysets.key.type"]), Is.EqualTo(["RSA"]));
    }

    [Test]
    public async Task Counts_refused_tokens_and_refused_input_by_their_codes()
    {
        using MetricCollector<long> refusals = Collect<long>("keysets.refusals");

        await Application.ClientWith("no token").GetAsync("/trustFramework/keySets");
        await Application.Reader.CreateAsync("{}");
        await Writer.CreateAsync("""{"keys":[{"kty":"oct"}]}""");

        Assert.That(
            refusals.GetMeasurementSnapshot()
                .Select(refusal => $"{refusal.Tags["http.response.status_code"]} {refusal.Tags["error.type"]}"),
            Is.EqualTo(["401 InvalidAuthenticationToken", "403 Authorization_RequestDenied", "400 AADB2C90253"]));
    }

    private MetricCollector<T> Collect<T>(string instrument) where T : struct =>
        new(Application.Services.GetRequiredService<IMeterFactory>(), "KeySets", instrument);
}

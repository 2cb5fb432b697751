using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json.Nodes;
using KeySets.Api.Capacity;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>Queries that read every row: they end, and nobody but those who send them waits for them.</summary>
public sealed class SlowQueryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Show_what_they_find_once()
    {
        await using SlowQueries service = await SlowQueries.StartAsync(_ => { });
        using MetricCollector<double> durations = Durations(service);

        JsonObject found = await (await service.Writer.GetAsync(SlowQueries.Slow)).JsonAsync();
        string count = await service.Writer.GetStringAsync("/trustFramework/keySets/$count");

        Assert.That(found["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["set-7"]));
        Assert.That(count, Is.EqualTo($"{SlowQueries.Sets}"));
        Assert.That(
            durations.GetMeasurementSnapshot().Select(query => query.Tags.Count), Is.EqualTo([0, 0]),
            "both were slow, and none failed");
    }

    [Test]
    public async Task End_at_the_limit()
    {
        using LogCollector log = new();
        await using SlowQueries service = await SlowQueries.StartAsync(_ => Thread.Sleep(20), log, longestSeconds: 1);
        using MetricCollector<double> durations = Durations(service);

        HttpResponseMessage response = await service.Writer.GetAsync(SlowQueries.Slow);

        await response.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((string?)(await response.JsonAsync())["error"]!["message"], Does.Contain("after 1 s,"));
        Assert.That(response.Header("Retry-After"), Is.EqualTo("1"));
        Assert.That(
            durations.GetMeasurementSnapshot().Select(query => query.Tags["error.type"]),
            Is.EqualTo(["System.TimeoutException"]));
        Assert.That(log.Lines, Has.None.StartsWith("Error"), "the client has asked for too much");
    }

    [Test]
    public async Task End_when_their_client_goes_and_no_error_is_logged()
    {
        using LogCollector log = new();
        await using SlowQueries service = await SlowQueries.StartAsync(log: log);
        using MetricCollector<double> durations = Durations(service);
        using CancellationTokenSource goes = new();

        Task<HttpResponseMessage> query = service.Writer.GetAsync(SlowQueries.Slow, goes.Token);
        await service.BeginAsync(1);
        await goes.CancelAsync();
        service.Resume.Set();
        await Assert.ThatAsync(() => query.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        await durations.WaitForMeasurementsAsync(1, Patience);

        Assert.That(
            durations.GetMeasurementSnapshot().Select(query => query.Tags["error.type"]),
            Is.EqualTo(["System.OperationCanceledException"]));
        Assert.That(log.Lines, Has.None.StartsWith("Error").And.None.StartsWith("Critical"));
    }

    [Test]
    public async Task Keep_nobody_else_waiting_and_are_refused_behind_a_hundred()
    {
        await using SlowQueries service = await SlowQueries.StartAsync();
        HttpClient client = service.Writer;
        Task<HttpResponseMessage>[] running = await service.FillAsync();

        Task<HttpResponseMessage>[] waiting =
            [.. Enumerable.Range(0, Seats.MostWaiting + 1).Select(_ => client.GetAsync(SlowQueries.Slow))];
        Task<HttpResponseMessage> refused = await Task.WhenAny(waiting);
        HttpStatusCode[] others =
        [
            (await client.GetAsync("/health/live")).StatusCode,
            (await client.GetAsync("/health/ready")).StatusCode,
            (await client.GetAsync("/trustFramework/keySets/set-1")).StatusCode,
            (await client.GetAsync("/trustFramework/keySets?$top=2")).StatusCode,
            (await client.CreateAsync("{}")).StatusCode,
        ];
        service.Resume.Set();
        HttpResponseMessage[] answers = await Task.WhenAll([.. running, .. waiting.Where(query => query != refused)]);

        await (await refused).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await refused).Header("Retry-After"), Is.EqualTo("1"));
        Assert.That(
            others.Select(status => (int)status), Is.EqualTo([200, 200, 200, 200, 201]));
        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Give_up_their_place_when_their_client_goes()
    {
        await using SlowQueries service = await SlowQueries.StartAsync();
        Task<HttpResponseMessage>[] running = await service.FillAsync();
        using CancellationTokenSource goes = new();

        Task<HttpResponseMessage> refused = await Task.WhenAny(
            Enumerable.Range(0, Seats.MostWaiting + 1)
                .Select(_ => service.Writer.GetAsync(SlowQueries.Slow, goes.Token)));
        await goes.CancelAsync();
        service.Resume.Set();
        await Task.WhenAll(running);
        HttpResponseMessage next = await service.Writer.GetAsync(SlowQueries.Slow);

        Assert.That((await refused).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(next.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static MetricCollector<double> Durations(SlowQueries service) => new(
        service.Services.GetRequiredService<IMeterFactory>(), "KeySets", "keysets.slow_query.duration");
}

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using KeySets.Api.Capacity;
using KeySets.Api.OData.Batch;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static KeySets.Tests.Support.Batches;

namespace KeySets.Tests.OData.Batch;

/// <summary>What all batches together may run and hold.</summary>
public sealed class BatchCapacityTests
{
    [Test]
    [SuppressMessage(
        "Reliability", "CA2025", Justification = "The batches are awaited before the service disposes the client.")]
    public async Task Lets_a_few_batches_of_a_caller_run_at_once_and_keeps_nobody_else_waiting()
    {
        await using SlowQueries service = await SlowQueries.StartAsync();
        HttpClient client = service.Writer;
        Task<HttpResponseMessage>[] running =
            [.. Enumerable.Range(0, CallerSeats.OfCaller).Select(_ => SendAsync(client, SlowQueries.Slow))];
        await service.BeginAsync(running.Length);

        Task<HttpResponseMessage>[] waiting =
            [.. Enumerable.Range(0, Seats.MostWaiting + 1).Select(_ => SendAsync(client, "/health/live"))];
        Task<HttpResponseMessage> refused = await Task.WhenAny(waiting);
        HttpStatusCode[] others =
        [
            (await client.GetAsync("/health/live")).StatusCode,
            (await client.GetAsync("/trustFramework/keySets/set-1")).StatusCode,
            (await client.CreateAsync("{}")).StatusCode,
        ];
        service.Resume.Set();
        HttpResponseMessage[] answers = await Task.WhenAll([.. running, .. waiting.Where(batch => batch != refused)]);

        await (await refused).AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((await refused).Header("Retry-After"), Is.EqualTo("1"));
        Assert.That(others.Select(status => (int)status), Is.EqualTo([200, 200, 201]));
        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Runs_no_further_part_while_the_answers_of_all_batches_are_too_long()
    {
        await using KeySetsApplication application = new();
        HttpClient client = application.Writer;
        BatchCapacity capacity = application.Services.GetRequiredService<BatchCapacity>();
        JsonObject[] Requests() => [Request("1", "GET", "health/live"), Request("2", "GET", "health/live")];

        capacity.Hold(BatchCapacity.MaximumAnswerBytes);
        Dictionary<string, JsonObject> first = await client.BatchAsync("", Requests());
        Dictionary<string, JsonObject> second = await client.BatchAsync("", Requests());
        capacity.Hold(-BatchCapacity.MaximumAnswerBytes);
        Dictionary<string, JsonObject> third = await client.BatchAsync("", Requests());

        Assert.That(first.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 503]));
        Assert.That((string?)first["2"]["headers"]!["retry-after"], Is.EqualTo("1"));
        Assert.That(
            second.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 503]),
            "what the first batch held is free again");
        Assert.That(third.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 200]));
    }

    [Test]
    public async Task Runs_no_further_part_after_a_minute()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        await using SlowQueries service = await SlowQueries.StartAsync(
            _ => clock.Advance(TimeSpan.FromSeconds(1)), clock: clock);

        Dictionary<string, JsonObject> answers = await service.Writer.BatchAsync(
            "", [Request("1", "GET", SlowQueries.Slow), Request("2", "GET", "health/live")]);

        Assert.That(answers.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 503]));
        Assert.That((string?)answers["2"]["body"]!["error"]!["message"], Does.Contain("60 s"));
    }

    [Test]
    public async Task Gives_up_a_client_that_does_not_read_the_answers_for_a_minute()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
        await using KeySetsApplication application = new() { Clock = clock };
        HttpClient client = application.Writer;
        string text = new('n', 500_000);
        await client.CreateAsync($$"""{"id":"long","keys":[{"kty":"x","kid":"1","n":"{{text}}"}]}""");
        JsonArray requests =
            [.. Enumerable.Range(0, 4).Select(number => Request($"{number}", "GET", "trustFramework/keySets/long"))];
        using HttpRequestMessage batch = new(HttpMethod.Post, "/$batch")
        {
            Content = JsonContent.Create(new JsonObject { ["requests"] = requests }),
        };

        HttpResponseMessage answer = await client.SendAsync(batch, HttpCompletionOption.ResponseHeadersRead);
        clock.Advance(TimeSpan.FromSeconds(61));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Assert.ThatAsync(
            () => answer.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(30)),
            Throws.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>()
                .Or.InstanceOf<OperationCanceledException>());
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string url) => client.PostBatchAsync(
        "",
        new JsonObject { ["requests"] = new JsonArray(Request("1", "GET", url)) }.ToJsonString(),
        "application/json");
}

using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting;

/// <summary>Telemetry of the service as a process, set by the environment variables of OpenTelemetry.</summary>
public sealed class TelemetryTests : ProcessTests
{
    private const string Canary = "Y2FuYXJ5LW9mLXRlbGVtZXRyeQ";

    [Test]
    public async Task Sends_traces_and_metrics_without_secrets_to_the_endpoint_in_the_environment()
    {
        using OtlpReceiver receiver = new();
        using KeySetsProcess service = new(Folder.FullPath, "Development", environmentVariables: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_SERVICE_NAME"] = "keys-of-tests",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        });
        using HttpClient client = await service.ClientAsync();

        await client.CreateAsync($$"""{"id":"traced","keys":[{"kty":"oct","use":"sig","k":"{{Canary}}"}]}""");
        await client.SendJsonAsync(
            HttpMethod.Post, "/trustFramework/keySets/traced/generateKey", """{"use":"sig","kty":"oct"}""");
        await client.CreateAsync($$"""{"keys":[{"kty":"oct","k":"{{Canary}}="}]}""");
        await client.GetAsync("/health/live");

        string logs = await receiver.WaitAsync("/v1/logs", "keys-of-tests", "Now listening on");
        string traces = await receiver.WaitAsync(
            "/v1/traces", "keys-of-tests", "commit", "generate key", "http.request.method", "service.version");
        string metrics = await receiver.WaitAsync(
            "/v1/metrics", "keys-of-tests", "http.server.request.duration", "keysets.commit.duration",
            "keysets.commit.writes", "keysets.key.generation.duration", "keysets.refusals", "AADB2C95029",
            "aspnetcore.authentication");
        string token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        Assert.That(traces, Does.Not.Contain("/health/live"));
        Assert.That(traces + metrics + logs, Does.Not.Contain(Canary).And.Not.Contain(token));
    }

    [Test]
    public async Task Works_without_a_receiver()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development", environmentVariables: new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
        });
        using HttpClient client = await service.ClientAsync();

        Assert.That((await client.CreateAsync("{}")).IsSuccessStatusCode, Is.True);
    }
}

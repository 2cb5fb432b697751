using System.Net;
using System.Text.Json.Nodes;
using KeySets.Api.Data.Sealing;
using KeySets.Api.Hosting.Development;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace KeySets.Tests.Hosting;

/// <summary>The service in the process of other tests, with its database in memory.</summary>
public sealed class StandInTests
{
    private const string Set = "/trustFramework/keySets/signing";

    [Test]
    public async Task Stores_and_refuses_as_it_does_on_a_file()
    {
        await using KeySetsStandIn service = new();
        HttpClient client = service.ClientWith(Permissions.ReadWrite);

        Assert.That((await client.CreateAsync("""{"id":"signing"}""")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await (await client.CreateAsync("""{"id":"signing"}"""))
            .AssertErrorAsync(HttpStatusCode.Conflict, "AADB2C95028", "id");
        Assert.That((string?)(await (await client.GetAsync(Set)).JsonAsync())["id"], Is.EqualTo("signing"));
        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [TestCase("Data Source=:memory:")]
    [TestCase("Data Source=named;Mode=Memory;Cache=Shared")]
    public async Task Keeps_everything_in_memory_and_to_itself_with_either_connection_string(string connection)
    {
        await using KeySetsStandIn service = new();
        await using WebApplicationFactory<Program> other =
            service.WithWebHostBuilder(builder => builder.UseSetting("ConnectionStrings:KeySets", connection));
        await service.ClientWith(Permissions.ReadWrite).CreateAsync("{}");
        HttpClient client = other.CreateClient();
        client.DefaultRequestHeaders.Authorization =
            new("Bearer", other.Services.GetRequiredService<DevelopmentIssuer>().CreateToken(Permissions.Read));

        Assert.That(await client.GetStringAsync("/trustFramework/keySets/$count"), Is.EqualTo("0"));
        Assert.That(other.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository,
            Is.InstanceOf<MemoryKeyRing>());
        Assert.That(File.Exists("named"), Is.False);
    }

    [Test]
    public async Task Follows_the_clock_of_the_test()
    {
        await using KeySetsStandIn service = new();
        await service.ClientWith(Permissions.ReadWrite).CreateAsync("""{"id":"signing"}""");
        string first = await GenerateAsync(service, nbf: null);
        string next = await GenerateAsync(service, service.Clock.GetUtcNow().AddYears(1));
        Assert.That(await ActiveAsync(service), Is.EqualTo(first));

        service.Clock.Advance(TimeSpan.FromDays(400));

        Assert.That(await ActiveAsync(service), Is.EqualTo(next));
        Assert.That(await service.CreateClient().GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task Refuses_a_token_after_eight_hours_on_that_clock()
    {
        await using KeySetsStandIn service = new();
        HttpClient client = service.ClientWith(Permissions.Read);
        Assert.That((await client.GetAsync("/trustFramework/keySets")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        service.Clock.Advance(TimeSpan.FromHours(8));

        await (await client.GetAsync("/trustFramework/keySets"))
            .AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
        Assert.That((await service.ClientWith(
            Permissions.Read).GetAsync("/trustFramework/keySets")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Gives_a_token_only_the_requested_permission()
    {
        await using KeySetsStandIn service = new();

        HttpResponseMessage response = await service.ClientWith(Permissions.Read).CreateAsync("{}");

        await response.AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");
    }

    [Test]
    public async Task Runs_a_hundred_times_side_by_side_each_with_sets_of_its_own()
    {
        KeySetsStandIn[] services = [.. Enumerable.Range(0, 100).Select(_ => new KeySetsStandIn())];
        try
        {
            // Start them one by one: each start blocks threads that the other starts need.
            Array.ForEach(services, service => service.StartServer());
            string[][] seen = await Task.WhenAll(services.Select(SetsAsync));

            Assert.That(
                seen, Is.EqualTo(Enumerable.Range(0, 100).Select(number => new[] { $"own-{number}", "shared" })));
        }
        finally
        {
            await Task.WhenAll(services.Select(service => service.DisposeAsync().AsTask()));
        }
    }

    private static async Task<string[]> SetsAsync(KeySetsStandIn service, int number)
    {
        HttpClient client = service.ClientWith(Permissions.ReadWrite);
        await client.CreateAsync("""{"id":"shared"}""");
        await client.CreateAsync(new JsonObject { ["id"] = $"own-{number}" });
        JsonObject sets = await (await client.GetAsync("/trustFramework/keySets?$select=id")).JsonAsync();
        return [.. sets["value"]!.AsArray().Select(set => (string)set!["id"]!)];
    }

    private static async Task<string> GenerateAsync(KeySetsStandIn service, DateTimeOffset? nbf)
    {
        HttpResponseMessage response = await service.ClientWith(Permissions.ReadWrite).SendJsonAsync(
            HttpMethod.Post, $"{Set}/generateKey", new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "oct",
                ["nbf"] = nbf?.ToUnixTimeSeconds()
            }.ToJsonString());
        return (string)(await response.JsonAsync())["kid"]!;
    }

    private static async Task<string> ActiveAsync(KeySetsStandIn service) =>
        (string)(
            await (await service.ClientWith(Permissions.Read).GetAsync($"{Set}/getActiveKey")).JsonAsync())["kid"]!;
}

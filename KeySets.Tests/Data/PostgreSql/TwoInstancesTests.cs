using System.Net;
using KeySets.Api.Data;
using KeySets.Api.Data.Sealing;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>Two instances on one database: what one of them does holds at the other at once.</summary>
[OnPostgreSql]
public sealed class TwoInstancesTests : OperationTests
{
    private WebApplicationFactory<Program> _second = null!;
    private HttpClient _other = null!;

    [OneTimeSetUp]
    public void StartSecond()
    {
        _second = Application.WithWebHostBuilder(_ => { });
        _other = _second.CreateClient();
        _other.DefaultRequestHeaders.Authorization =
            new("Bearer", Application.Issuer.CreateToken(KeySetsApplication.ReadWrite));
    }

    [OneTimeTearDown]
    public async Task StopSecond()
    {
        _other.Dispose();
        await _second.DisposeAsync();
    }

    [Test]
    public void Are_two() => Assert.That(
        _second.Services.GetRequiredService<Database>(),
        Is.Not.SameAs(Application.Services.GetRequiredService<Database>()));

    [Test]
    public async Task Show_each_change_of_the_other()
    {
        foreach (int number in Enumerable.Range(0, 20))
        {
            (HttpClient one, HttpClient other) = int.IsEvenInteger(number) ? (Writer, _other) : (_other, Writer);
            await one.SendJsonAsync(
                HttpMethod.Put, Set, $$"""{"keys":[{"kty":"oct","kid":"k{{number}}","use":"sig","k":"YQ"}]}""");

            foreach (string path in (string[])["", "/getActiveKey", "/keys", "/keys_v2?$filter=use eq 'sig'"])
            {
                Assert.That(await other.GetStringAsync($"{Set}{path}"), Does.Contain($"\"k{number}\""), path);
            }
        }
    }

    [Test]
    public async Task Obey_the_entity_tags_of_the_other()
    {
        string tag = (await Writer.GetAsync(Set)).Header("ETag")!;

        HttpResponseMessage changed = await _other.SendJsonAsync(HttpMethod.Put, Set, "{}", ("If-Match", tag));
        HttpResponseMessage late = await Writer.SendJsonAsync(HttpMethod.Put, Set, "{}", ("If-Match", tag));
        HttpResponseMessage unchanged = await Writer.GetAsync(Set, ("If-None-Match", changed.Header("ETag")!));

        Assert.That(changed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That(unchanged.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [Test]
    public async Task Open_what_the_other_has_sealed()
    {
        await _other.SendJsonAsync(HttpMethod.Put, Set, """{"keys":[{"kty":"oct","kid":"k","k":"bGFzdA"}]}""");
        byte[] row = (await Application.SealedMembersAsync(Id, "k"))!;

        Assert.That(
            Application.Services.GetRequiredService<PrivateMembersProtector>().Unseal(Id, "k", row).K,
            Is.EqualTo("bGFzdA"));
    }

    [Test]
    public async Task Are_ready_and_go_on_when_the_other_ends()
    {
        await using WebApplicationFactory<Program> third = Application.WithWebHostBuilder(_ => { });
        using HttpClient client = third.CreateClient();
        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        await third.DisposeAsync();

        Assert.That(await _other.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        Assert.That((await _other.CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }
}

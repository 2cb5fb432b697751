using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Data.Sealing;

/// <summary>Starts of the service on a database with sealed values that were moved or cut.</summary>
[OnEveryDatabase]
public sealed class DamagedStartTests : ProcessTests
{
    private const string Sets = HttpExtensions.KeySets;

    private KeySetsApplication _application = null!;

    [SetUp]
    public async Task Fill()
    {
        _application = new KeySetsApplication();
        HttpResponseMessage created = await _application.Writer.CreateAsync(
            """
            {"id":"set","keys":[{"kty":"oct","kid":"a","k":"YS1zZWNyZXQ"},{"kty":"oct","kid":"b","k":"YS1zZWNyZXQ"}]}
            """);
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [TearDown]
    public async Task Stop() => await _application.DisposeAsync();

    [Test]
    public async Task Goes_on_if_any_row_opens_and_names_those_that_do_not()
    {
        await _application.PutSealedMembersAsync("set", "a", await _application.SealedMembersAsync("set", "b"));
        using KeySetsProcess service = Start();
        using HttpClient client = await service.ClientAsync();

        Assert.That(
            () => client.GetStringAsync("/health/ready").GetAwaiter().GetResult(),
            Is.EqualTo("Degraded: the private members of 1 keys do not open:\nset a").After(10_000, 50));
        Assert.That(service.Output, Does.Contain("The private members of a key do not open: set set, kid a."));
        Assert.That(service.Output, Does.Not.Contain("YS1zZWNyZXQ"));
        Assert.That(await client.GetStringAsync($"{Sets}('set')/keys/$count"), Is.EqualTo("2"));
        Assert.That(
            (await client.CreateAsync("""{"id":"new","keys":[{"kty":"oct","k":"bmV3"}]}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Serves_public_parts_alone_if_no_row_opens()
    {
        byte[] first = (await _application.SealedMembersAsync("set", "a"))!;
        await _application.PutSealedMembersAsync("set", "a", await _application.SealedMembersAsync("set", "b"));
        await _application.PutSealedMembersAsync("set", "b", first[..19]);
        using (KeySetsProcess service = Start())
        {
            using HttpClient client = await service.ClientAsync();
            await (await client.GetAsync("/health/ready"))
                .AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
            Assert.That(await client.GetStringAsync($"{Sets}('set')/keys/$count"), Is.EqualTo("2"));
        }

        await _application.PutSealedMembersAsync("set", "a", first);
        using KeySetsProcess again = Start();
        using HttpClient clientAgain = await again.ClientAsync();
        Assert.That(
            await clientAgain.GetStringAsync("/health/ready"),
            Does.StartWith("Healthy").Or.StartWith("Degraded"),
            "one row that opens is enough");
    }

    private KeySetsProcess Start() =>
        new(Folder.FullPath, "Development", KeySetsCommand.SettingsOf(_application.Database));
}

using System.Net;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.DataProtection;

namespace KeySets.Tests.Data.Sealing;

/// <summary>
/// A start without the key ring that has sealed the database. Verifiers must go on: public parts are served. Nothing is
/// sealed that the right ring could not open, and the service says that it is not ready.
/// </summary>
public sealed class MissingKeyRingTests : ProcessTests
{
    private const string Sets = HttpExtensions.KeySets;
    private const string Secret = """{"id":"later","keys":[{"kty":"oct","k":"c2VjcmV0"}]}""";

    private string Ring => Folder.File("App_Data/key-ring");

    [TestCase(false)]
    [TestCase(true)]
    public async Task Serves_public_parts_and_seals_nothing(bool hasAnotherRing)
    {
        await CreateSetAsync();
        Directory.Move(Ring, $"{Ring}-elsewhere");
        Directory.CreateDirectory(Ring);
        if (hasAnotherRing)
        {
            DataProtectionProvider.Create(new DirectoryInfo(Ring)).CreateProtector("another ring").Protect("x");
        }

        string[] ring = Directory.GetFiles(Ring);
        using (KeySetsProcess service = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await service.ClientAsync();
            HttpResponseMessage ready = await client.GetAsync("/health/ready");
            HttpResponseMessage[] reads =
            [
                await client.GetAsync($"{Sets}/signing"), await client.GetAsync($"{Sets}/signing/jwks"),
                await client.GetAsync($"{Sets}/signing/getActiveKey"), await client.GetAsync("/health/live"),
            ];
            HttpResponseMessage[] writes =
            [
                await client.CreateAsync(Secret),
                await client.SendJsonAsync(
                    HttpMethod.Post, $"{Sets}/signing/generateKey", """{"use":"sig","kty":"RSA"}"""),
                await client.CreateAsync(
                    """{"id":"repeatable","keys":[]}""",
                    ("Repeatability-Request-ID", $"{Guid.NewGuid()}"),
                    ("Repeatability-First-Sent", $"{DateTimeOffset.UtcNow:R}")),
            ];
            HttpResponseMessage withoutSecret = await client.CreateAsync("""{"id":"public","keys":[{"kty":"x"}]}""");

            Assert.That(reads.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
            await ready.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
            foreach (HttpResponseMessage write in writes)
            {
                await write.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
            }

            Assert.That(withoutSecret.StatusCode, Is.EqualTo(HttpStatusCode.Created));
            Assert.That(service.Output, Does.Contain("is not that of the database").And.Contain(Ring));
        }

        Assert.That(Directory.GetFiles(Ring), Is.EqualTo(ring), "no key is made in the wrong ring");
    }

    [Test]
    public async Task Is_over_once_the_ring_is_back()
    {
        await CreateSetAsync();
        Directory.Move(Ring, $"{Ring}-elsewhere");
        using (KeySetsProcess without = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await without.ClientAsync();
            await client.GetAsync("/health/ready");
        }

        Directory.Delete(Ring);
        Directory.Move($"{Ring}-elsewhere", Ring);
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient back = await service.ClientAsync();

        Assert.That((await back.CreateAsync(Secret)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await back.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
    }

    private async Task CreateSetAsync()
    {
        using KeySetsProcess first = new(Folder.FullPath, "Development");
        using HttpClient client = await first.ClientAsync();
        await client.CreateAsync("""{"id":"signing"}""");
        HttpResponseMessage made = await client.SendJsonAsync(
            HttpMethod.Post, $"{Sets}/signing/generateKey", """{"use":"sig","kty":"RSA"}""");
        Assert.That(made.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}

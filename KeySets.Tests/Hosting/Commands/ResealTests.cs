using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Commands;

/// <summary>
/// <c>rotate</c> makes a new key of the key ring, and <c>reseal</c> seals everything anew with it: afterwards the old
/// key can be taken away.
/// </summary>
public sealed class ResealTests : ProcessTests
{
    private const string Keys = """{"kty":"oct","kid":"a","k":"c2VjcmV0"},{"kty":"oct","kid":"b","k":"c2VjcmV1"}""";

    private string Ring => Folder.File("App_Data/key-ring");

    [Test]
    public async Task Lets_the_old_key_be_taken_away()
    {
        using (KeySetsProcess service = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await service.ClientAsync();
            await client.CreateAsync($$"""{"id":"sealed","keys":[{{Keys}}]}""");
            await client.CreateAsync("""{"id":"public","keys":[{"kty":"x"}]}""");
        }

        string old = Directory.GetFiles(Ring, "key-*.xml").Single();
        string before = await RunAsync("reseal");
        string rotated = await RunAsync("rotate");
        string resealed = await RunAsync("reseal");
        string again = await RunAsync("reseal");
        File.Delete(old);

        Assert.That(before, Does.StartWith("0 keys sealed anew").And.Contain(", 2 keys sealed with it before."));
        Assert.That(before, Does.Contain("The key ring has no older key."));
        Assert.That(rotated, Does.StartWith("The key ring has a new key, ").And.Contain("Then run reseal."));
        Assert.That(resealed, Does.StartWith("2 keys sealed anew").And.Contain(", 0 keys sealed with it before."));
        Assert.That(resealed, Does.Contain(Path.GetFileNameWithoutExtension(old)["key-".Length..]));
        Assert.That(again, Does.StartWith("0 keys sealed anew").And.Contain(", 2 keys sealed with it before."));
        using KeySetsProcess without = new(Folder.FullPath, "Development");
        using HttpClient clientWithout = await without.ClientAsync();
        Assert.That(await clientWithout.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        Assert.That(
            (await clientWithout.CreateAsync("""{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}""")).StatusCode,
            Is.EqualTo(HttpStatusCode.Created));
    }

    private Task<string> RunAsync(string command) => KeySetsCommand.SucceedAsync(Folder.FullPath, command);
}

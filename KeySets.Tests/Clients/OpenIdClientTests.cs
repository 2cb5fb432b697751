using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>
/// npm openid-client, a certified OpenID Connect client by others, gets a token from a service that runs in memory.
/// </summary>
public sealed class OpenIdClientTests : ProcessTests
{
    [Test]
    public async Task Discovers_the_issuer_gets_a_token_and_creates_a_set()
    {
        NodeJs.Require();
        using KeySetsProcess service =
            new(Folder.FullPath, "Development", ["--ConnectionStrings:KeySets=Data Source=:memory:"]);
        using HttpClient client = await service.ClientAsync();

        JsonObject seen = await NodeJs.AskAsync("token.mjs", client.BaseAddress!.AbsoluteUri);

        Assert.That(seen.ToJsonString(), Is.EqualTo(new JsonObject
        {
            ["issuer"] = client.BaseAddress.AbsoluteUri,
            ["type"] = "bearer",
            ["status"] = 201,
        }.ToJsonString()));
        Assert.That(
            Directory.EnumerateFileSystemEntries(Folder.FullPath), Is.Empty, "A service in memory left files behind.");
    }
}

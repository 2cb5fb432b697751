using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting;

/// <summary>The start of the service as a process: its output and its data.</summary>
public sealed class StartupTests : ProcessTests
{
    [Test]
    public async Task Prints_a_command_in_Development_that_creates_the_documented_key_set()
    {
        Shell.Require();
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        string command = await service.FirstCommandAsync();

        string answer = await Shell.RunAsync(command);

        Assert.That(answer, Does.StartWith("HTTP/1.1 201 Created"));
        JsonObject set = JsonNode.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..])!.AsObject();
        Assert.That(set["keys"]!.ToJsonString(), Is.EqualTo(Documentation.CreateResponse["keys"]!.ToJsonString()));
    }

    [Test]
    public async Task Keeps_acknowledged_writes_when_it_is_killed()
    {
        Uri location;
        using (KeySetsProcess first = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            HttpResponseMessage created = await client.CreateAsync(Documentation.CreateRequest);
            Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
            location = created.Headers.Location!;
            await first.KillAsync();
        }

        using KeySetsProcess second = new(Folder.FullPath, "Development");
        using HttpClient again = await second.ClientAsync();
        HttpResponseMessage read = await again.GetAsync(location.PathAndQuery);

        Assert.That(read.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(300)]
    [TestCase(500)]
    [TestCase(700)]
    [TestCase(900)]
    public async Task Starts_after_its_first_start_was_killed(int afterMilliseconds)
    {
        using (KeySetsProcess killed = new(Folder.FullPath, "Development"))
        {
            await Task.Delay(afterMilliseconds);
            await killed.KillAsync();
        }

        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        Assert.That((await client.CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Tells_its_version_and_its_settings_and_ends()
    {
        using KeySetsProcess version = new(Folder.FullPath, "Production", ["--version"]);
        Assert.That(await version.ExitAsync(), Is.Zero);
        Assert.That(() => version.Output, Does.Match(@"^\d+\.\d+\.\d+").After(5_000, 50));

        using KeySetsProcess help = new(Folder.FullPath, "Production", ["--help"]);
        Assert.That(await help.ExitAsync(), Is.Zero);
        Assert.That(
            () => help.Output, Does.Contain("--KeySets:IdPrefix").And.Contain("appsettings.json").After(5_000, 50));
    }

    [Test]
    public async Task Says_which_issuer_takes_the_place_of_its_own_in_Development()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development", [
            "--Authentication:Schemes:Bearer:ValidAudiences:0=x",
            "--Authentication:Schemes:Bearer:ValidIssuer=dotnet-user-jwts",
            "--Authentication:Schemes:Bearer:SigningKeys:0:Issuer=dotnet-user-jwts",
            "--Authentication:Schemes:Bearer:SigningKeys:0:Value=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]);
        await service.AddressAsync();

        Assert.That(
            service.Output, Does.Contain("the printed command and /oauth2/token are off. It stands in CommandLine"));
    }

    [Test]
    public async Task Takes_settings_from_the_environment()
    {
        using KeySetsProcess service = new(
            Folder.FullPath, "Development", environmentVariables: new() { ["KeySets__IdPrefix"] = "B2C_1A_" });
        using HttpClient client = await service.ClientAsync();

        HttpResponseMessage response = await client.CreateAsync("""{"id":"x"}""");

        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo("B2C_1A_x"));
    }

    [Test]
    public async Task Puts_its_data_and_its_key_ring_where_the_settings_say()
    {
        string keyRing = Folder.File("elsewhere/ring");
        using KeySetsProcess service = new(
            Folder.FullPath,
            "Development",
            ["--ConnectionStrings:KeySets=Data Source=data/sets.db", $"--DataProtection:KeyDirectory={keyRing}"]);
        using HttpClient client = await service.ClientAsync();

        HttpResponseMessage created = await client.CreateAsync(Documentation.CreateRequest);

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(File.Exists(Folder.File("data/sets.db")), Is.True);
        Assert.That(Directory.GetFiles(keyRing, "key-*.xml"), Has.Length.EqualTo(1));
        Assert.That(Directory.Exists(Folder.File("App_Data")), Is.False);
    }

    [Test]
    public async Task Forgets_its_tokens_when_it_ends()
    {
        string authorization;
        using (KeySetsProcess first = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            authorization = client.DefaultRequestHeaders.Authorization!.ToString();
        }

        using KeySetsProcess second = new(Folder.FullPath, "Development");
        using HttpClient again = await second.ClientAsync();
        again.DefaultRequestHeaders.Remove("Authorization");
        HttpResponseMessage response = await again.GetAsync(
            "/trustFramework/keySets/x", ("Authorization", authorization));

        await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
    }

    [Test]
    public async Task Keeps_its_data_away_from_other_accounts()
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development");
        await service.FirstCommandAsync();

        string data = Folder.File("App_Data");
        Assert.That(File.Exists(Path.Combine(data, "keysets.db")), Is.True);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(
                File.GetUnixFileMode(data),
                Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }
    }
}

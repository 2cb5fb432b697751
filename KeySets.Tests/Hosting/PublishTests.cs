using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting;

/// <summary>The program that the command in <c>docs/operating.md</c> publishes, run as in production.</summary>
public sealed class PublishTests : ProcessTests
{
    [Test]
    public async Task Makes_a_service_that_logs_JSON_and_issues_no_token()
    {
        string program = await PublishedProgram.FolderAsync();
        string data = Folder.File("data");

        using KeySetsProcess service = KeySetsProcess.ByCommand(
            program,
            "exec dotnet KeySets.Api.dll --urls http://127.0.0.1:0 "
            + $"\"--ConnectionStrings:KeySets=Data Source={data}/keysets.db\" \\\n"
            + "  --Authentication:Schemes:Bearer:Authority=https://issuer.invalid "
            + "--Authentication:Schemes:Bearer:ValidAudiences:0=keysets");
        using HttpClient client = new() { BaseAddress = await service.AddressAsync() };

        Assert.That(await client.GetStringAsync("/health/ready"), Is.EqualTo("Healthy"));
        Assert.That((int)(await client.GetAsync("/scalar/")).StatusCode, Is.EqualTo(401));
        Assert.That(
            service.Output.Split('\n').Select(line => (string?)JsonNode.Parse(line)!["LogLevel"]),
            Has.All.Not.Null,
            service.Output);
        Assert.That(File.Exists(Path.Combine(data, "keysets.db")), Is.True);
        Assert.That(File.Exists(Path.Combine(program, "keysets.service")), Is.True);
        Assert.That(Directory.Exists(Path.Combine(program, "App_Data")), Is.False);
    }

    [Test]
    public async Task Includes_a_unit_that_systemd_accepts()
    {
        Shell.Require();
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Assert.Ignore("There is no systemd-analyze on this machine.");
        }

        string unit = await File.ReadAllTextAsync(Path.Combine(Documents.Folder, "KeySets.Api", "keysets.service"));
        // systemd-analyze demands that the program of the unit exists.
        await File.WriteAllTextAsync(
            Folder.File("keysets.service"),
            unit.Replace("/usr/bin/dotnet /opt/keysets/KeySets.Api.dll", "/bin/sh", StringComparison.Ordinal));

        Assert.That(await Shell.RunAsync($"systemd-analyze verify {Folder.File("keysets.service")} 2>&1"), Is.Empty);
    }
}

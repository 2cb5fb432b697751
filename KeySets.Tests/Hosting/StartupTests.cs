using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting;

/// <summary>The start of the service as a process: what it prints, what it keeps, and when it refuses.</summary>
public sealed class StartupTests
{
    private TemporaryFolder _folder = null!;

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [SetUp]
    public void CreateFolder() => _folder = new TemporaryFolder();

    [Test]
    public async Task Prints_in_Development_a_command_that_creates_the_documented_key_set()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/curl"))
        {
            Assert.Ignore("This needs a POSIX shell and /usr/bin/curl.");
        }

        using KeySetsProcess service = new(_folder.FullPath, "Development");
        string command = await service.FirstCommandAsync();

        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true })!;
        string answer = await shell.StandardOutput.ReadToEndAsync();

        Assert.That(answer, Does.StartWith("HTTP/1.1 201 Created"));
        JsonObject set = JsonNode.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..])!.AsObject();
        Assert.That(set["keys"]!.ToJsonString(), Is.EqualTo(Documentation.CreateResponse["keys"]!.ToJsonString()));
    }

    [Test]
    public async Task Keeps_what_it_has_answered_when_it_is_killed()
    {
        Uri location;
        using (KeySetsProcess first = new(_folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            HttpResponseMessage created = await client.CreateAsync(Documentation.CreateRequest);
            Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
            location = created.Headers.Location!;
            await first.KillAsync();
        }

        using KeySetsProcess second = new(_folder.FullPath, "Development");
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
        using (KeySetsProcess killed = new(_folder.FullPath, "Development"))
        {
            await Task.Delay(afterMilliseconds);
            await killed.KillAsync();
        }

        using KeySetsProcess service = new(_folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        Assert.That((await client.CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Limits_bodies_on_its_own_web_server()
    {
        using KeySetsProcess service = new(_folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();

        HttpResponseMessage largest = await client.CreateAsync("{}".PadRight(1024 * 1024));
        HttpResponseMessage tooLarge = await client.CreateAsync("{}".PadRight((1024 * 1024) + 1));
        // Without it the server would close the connection under a client that is still sending.
        client.DefaultRequestHeaders.ExpectContinue = true;
        HttpResponseMessage farTooLarge = await client.CreateAsync("{}".PadRight(9 * 1024 * 1024));

        Assert.That(largest.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(largest.Headers.Contains("Server"), Is.False);
        await tooLarge.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");
        await farTooLarge.AssertErrorAsync(HttpStatusCode.RequestEntityTooLarge, "AADB2C95024");
    }

    [Test]
    public async Task Counts_the_body_and_not_the_chunks_that_it_comes_in()
    {
        using KeySetsProcess service = new(_folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, HttpExtensions.KeySets) { Content = new PiecesContent("{}".PadRight(1024 * 1024)) };

        HttpResponseMessage response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Refuses_a_body_whose_chunks_cannot_be_told_apart()
    {
        using KeySetsProcess service = new(_folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        using TcpClient connection = new();
        await connection.ConnectAsync(client.BaseAddress!.Host, client.BaseAddress.Port);
        await using NetworkStream stream = connection.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {HttpExtensions.KeySets} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {client.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc\r\n"));
        using StreamReader reader = new(stream);

        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("HTTP/1.1 400 Bad Request"));
    }

    [Test]
    public async Task Takes_settings_from_the_environment()
    {
        using KeySetsProcess service = new(_folder.FullPath, "Development", environmentVariables: new() { ["KeySets__IdPrefix"] = "B2C_1A_" });
        using HttpClient client = await service.ClientAsync();

        HttpResponseMessage response = await client.CreateAsync("""{"id":"x"}""");

        Assert.That((string?)(await response.JsonAsync())["id"], Is.EqualTo("B2C_1A_x"));
    }

    [Test]
    public async Task Puts_its_data_and_its_key_ring_where_the_settings_say()
    {
        string keyRing = _folder.File("elsewhere/ring");
        using KeySetsProcess service = new(
            _folder.FullPath,
            "Development",
            ["--ConnectionStrings:KeySets=Data Source=data/sets.db", $"--DataProtection:KeyDirectory={keyRing}"]);
        using HttpClient client = await service.ClientAsync();

        HttpResponseMessage created = await client.CreateAsync(Documentation.CreateRequest);

        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(File.Exists(_folder.File("data/sets.db")), Is.True);
        Assert.That(Directory.GetFiles(keyRing, "key-*.xml"), Has.Length.EqualTo(1));
        Assert.That(Directory.Exists(_folder.File("App_Data")), Is.False);
    }

    [Test]
    public async Task Refuses_to_start_with_a_key_ring_that_it_cannot_read()
    {
        string keyRing = Directory.CreateDirectory(_folder.File("App_Data/key-ring")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keyRing, "key-1.xml"), "cut off in the mid");
        using KeySetsProcess service = new(_folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.Contain("KeySets cannot start. The key ring of DataProtection:KeyDirectory cannot be used"));
    }

    [Test]
    public async Task Refuses_to_start_with_another_key_ring_than_its_database_was_sealed_with()
    {
        using (KeySetsProcess first = new(_folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            await client.CreateAsync("""{"keys":[{"kty":"x"}]}""");
            await client.CreateAsync(Documentation.CreateRequest);
        }

        Directory.Delete(_folder.File("App_Data/key-ring"), recursive: true);
        using KeySetsProcess second = new(_folder.FullPath, "Development");

        Assert.That(await second.ExitAsync(), Is.EqualTo(1), second.Output);
        Assert.That(second.Output, Does.Contain("is not the one that the database was sealed with"));
    }

    [Test]
    public async Task Refuses_to_start_on_a_port_that_is_taken()
    {
        using KeySetsProcess first = new(_folder.FullPath, "Development");
        using HttpClient client = await first.ClientAsync();

        using KeySetsProcess second = new(_folder.FullPath, "Development", [$"--urls={client.BaseAddress}"]);

        Assert.That(await second.ExitAsync(), Is.EqualTo(1), second.Output);
        Assert.That(second.Output, Does.Contain("KeySets cannot start. Failed to bind to address"));
    }

    [Test]
    public async Task Forgets_its_tokens_when_it_ends()
    {
        string authorization;
        using (KeySetsProcess first = new(_folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            authorization = client.DefaultRequestHeaders.Authorization!.ToString();
        }

        using KeySetsProcess second = new(_folder.FullPath, "Development");
        using HttpClient again = await second.ClientAsync();
        again.DefaultRequestHeaders.Remove("Authorization");
        HttpResponseMessage response = await again.GetAsync("/trustFramework/keySets/x", ("Authorization", authorization));

        await response.AssertErrorAsync(HttpStatusCode.Unauthorized, "InvalidAuthenticationToken");
    }

    [Test]
    public async Task Keeps_its_data_where_no_other_account_can_look()
    {
        using KeySetsProcess service = new(_folder.FullPath, "Development");
        await service.FirstCommandAsync();

        string data = _folder.File("App_Data");
        Assert.That(File.Exists(Path.Combine(data, "keysets.db")), Is.True);
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(data), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }
    }

    [TestCase("Production", "No token issuer is set", TestName = "Refuses_to_start_without_an_issuer_outside_Development")]
    [TestCase("Production", "needs Instance, TenantId and ClientId", "--AzureAd:ClientId=x", TestName = "Refuses_to_start_with_half_of_Entra_ID")]
    [TestCase("Production", "needs Authority", "--Authentication:Schemes:Bearer:ValidAudiences:0=x", TestName = "Refuses_to_start_without_an_authority")]
    [TestCase("Production", "ValidAudiences", "--Authentication:Schemes:Bearer:Authority=https://issuer.example", TestName = "Refuses_to_start_without_an_audience")]
    [TestCase("Development", "Set one of them", "--AzureAd:ClientId=x", "--Authentication:Schemes:Bearer:Authority=https://issuer.example", TestName = "Refuses_to_start_with_two_issuers")]
    [TestCase("Production", "needs Instance, TenantId and ClientId", "--AzureAd:ClientId=x", "--AzureAd:TenantId=y", TestName = "Refuses_to_start_with_Entra_ID_without_an_instance")]
    [TestCase("Production", "HTTPS", "--Authentication:Schemes:Bearer:Authority=http://issuer.example", "--Authentication:Schemes:Bearer:ValidAudiences:0=x", TestName = "Refuses_to_start_with_an_issuer_in_clear_text")]
    [TestCase("Production", "ValidIssuer", "--Authentication:Schemes:Bearer:SigningKeys:0:Value=AAAA", "--Authentication:Schemes:Bearer:ValidAudiences:0=x", TestName = "Refuses_to_start_with_keys_of_nobody")]
    [TestCase("Production", "issuer cannot be used", "--Authentication:Schemes:Bearer:SigningKeys:0:Value=!!", "--Authentication:Schemes:Bearer:SigningKeys:0:Issuer=i", "--Authentication:Schemes:Bearer:ValidIssuer=i", "--Authentication:Schemes:Bearer:ValidAudiences:0=x", TestName = "Refuses_to_start_with_a_key_that_is_not_base64")]
    [TestCase("Production", "issuer cannot be used", "--AzureAd:Instance=not a url", "--AzureAd:ClientId=x", "--AzureAd:TenantId=y", TestName = "Refuses_to_start_with_an_instance_that_is_no_url")]
    [TestCase("Production", "needs Authority", "--Authentication:Schemes:Bearer:Authority= ", "--Authentication:Schemes:Bearer:ValidAudiences:0=x", TestName = "Refuses_to_start_with_an_empty_authority")]
    [TestCase("Development", "has no file", "--ConnectionStrings:KeySets=Data Source=:memory:", TestName = "Refuses_to_start_with_a_database_in_memory")]
    [TestCase("Development", "Database:Provider is 'PostgreSql'", "--Database:Provider=PostgreSql", TestName = "Refuses_to_start_with_a_database_that_it_does_not_have")]
    [TestCase("Development", "KeySets:IdPrefix", "--KeySets:IdPrefix=a/b", TestName = "Refuses_to_start_with_a_prefix_that_no_id_can_have")]
    [TestCase("Development", "ConnectionStrings:KeySets is not", "--ConnectionStrings:KeySets=Server=x", TestName = "Refuses_to_start_with_a_connection_string_of_another_database")]
    [TestCase("Development", "cannot be used", "--ConnectionStrings:KeySets=Data Source=/dev/null/keysets.db", TestName = "Refuses_to_start_without_a_place_for_its_data")]
    public async Task Refuses_to_start(string environment, string reason, params string[] settings)
    {
        using KeySetsProcess service = new(_folder.FullPath, environment, settings);

        int exitCode = await service.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. ").And.Contain(reason));
        Assert.That(service.Output, Does.Not.Contain("   at "), "no stack trace");
    }
}

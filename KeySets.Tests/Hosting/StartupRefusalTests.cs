using System.Reflection;
using KeySets.Tests.Support;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace KeySets.Tests.Hosting;

/// <summary>Refusals to start, and their reasons.</summary>
public sealed class StartupRefusalTests : ProcessTests
{
    private static readonly string UserSecretsId =
        typeof(Program).Assembly.GetCustomAttribute<UserSecretsIdAttribute>()!.UserSecretsId;

    [Test]
    public async Task Refuses_to_start_with_a_key_ring_that_it_cannot_read()
    {
        string keyRing = Directory.CreateDirectory(Folder.File("App_Data/key-ring")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keyRing, "key-1.xml"), "cut off in the mid");
        using KeySetsProcess service = new(Folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(
            service.Output,
            Does.Contain("KeySets cannot start. The key ring of DataProtection cannot be used"));
    }

    [Test]
    public async Task Names_the_key_file_that_it_may_not_read()
    {
        string key = Directory.CreateDirectory(Folder.File("App_Data/key-ring/key-1.xml")).FullName;
        using KeySetsProcess service = new(Folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. "), "one line, and nothing before it");
        Assert.That(service.Output.TrimEnd(), Does.Contain($"'{key}' is denied").And.Not.Contain("\n"));
    }

    // Nobody can make a file there, not even the superuser.
    [TestCase("/sys/kernel")]
    [Platform(Include = "Linux", Reason = "The folder is one of Linux.")]
    public async Task Names_the_empty_key_ring_that_it_may_not_write(string keyRing)
    {
        using KeySetsProcess service =
            new(Folder.FullPath, "Development", [$"--DataProtection:KeyDirectory={keyRing}"]);

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. "), "one line, and nothing before it");
        Assert.That(service.Output.TrimEnd(), Does.Contain($"'{keyRing}/").And.Contain("denied").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Refuses_to_start_with_one_line_whichever_page_of_the_database_is_damaged()
    {
        using (KeySetsProcess first = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            await client.CreateAsync("""{"id":"a","keys":[{"kty":"oct","kid":"1","k":"AAAA"}]}""");
            first.Terminate();
            await first.ExitAsync();
        }

        string file = Folder.File("App_Data/keysets.db");
        byte[] whole = await File.ReadAllBytesAsync(file);
        for (int page = 0; page < whole.Length / 4096; page++)
        {
            byte[] damaged = [.. whole];
            Array.Fill<byte>(damaged, 0xA5, page * 4096, 64);
            await File.WriteAllBytesAsync(file, damaged);
            File.Delete($"{file}-wal");
            File.Delete($"{file}-shm");
            using KeySetsProcess service = new(Folder.FullPath, "Development");

            // A page that no read of the start needs, such as that of an index, may pass.
            await Task.WhenAny(service.ExitAsync(), service.AddressAsync());
            if (service.Output.Contains("Now listening", StringComparison.Ordinal))
            {
                continue;
            }

            Assert.That(await service.ExitAsync(), Is.EqualTo(1), $"page {page}: {service.Output}");
            Assert.That(
                service.Output.Split('\n'), Has.Exactly(1).StartsWith("KeySets cannot start. "),
                $"page {page}: {service.Output}");
            Assert.That(service.Output, Does.Not.Contain("   at "), $"page {page}");
        }
    }

    [TestCase("--KeySets:IdPrefx=x", "There is no setting KeySets:IdPrefx. The nearest one is KeySets:IdPrefix.")]
    [TestCase("--KeySets:Cors:Origin=x", "no setting KeySets:Cors:Origin. The nearest one is KeySets:Cors:Origins.")]
    [TestCase("--Database:Provder=x", "There is no setting Database:Provder. The nearest one is Database:Provider.")]
    [TestCase("--ReverseProxy:KnownProxy:0=::1", "There is no setting ReverseProxy:KnownProxy.")]
    [TestCase("--Health:LeastFree=1", "no setting Health:LeastFree. The nearest one is Health:LeastFreeMebibytes.")]
    public async Task Refuses_to_start_with_a_setting_that_does_not_exist(string setting, string reason)
    {
        using KeySetsProcess service = new(Folder.FullPath, "Development", [setting]);

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.Contain(reason));
    }

    [Test]
    public async Task Names_the_user_secrets_that_dotnet_user_jwts_has_left()
    {
        string secrets = Folder.File($"Microsoft/UserSecrets/{UserSecretsId}/secrets.json");
        Directory.CreateDirectory(Path.GetDirectoryName(secrets)!);
        await File.WriteAllTextAsync(
            secrets,
            """{"Authentication:Schemes:Bearer:SigningKeys:0:Value":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""");
        using KeySetsProcess service = new(Folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.Contain($"It stands in the user secrets ({secrets})."));
        Assert.That(service.Output, Does.Contain("dotnet user-jwts clear --project KeySets.Api"));
    }

    [Test]
    public async Task Refuses_to_start_on_a_port_that_is_taken()
    {
        using KeySetsProcess first = new(Folder.FullPath, "Development");
        using HttpClient client = await first.ClientAsync();

        using KeySetsProcess second = new(Folder.FullPath, "Development", [$"--urls={client.BaseAddress}"]);

        Assert.That(await second.ExitAsync(), Is.EqualTo(1), second.Output);
        Assert.That(second.Output, Does.Contain("KeySets cannot start. Failed to bind to address"));
    }

    [TestCase(
        "Production", "No token issuer is set",
        TestName = "Refuses_to_start_without_an_issuer_outside_Development")]
    [TestCase(
        "Production", "needs Instance, TenantId and ClientId", "--AzureAd:ClientId=x",
        TestName = "Refuses_to_start_with_incomplete_settings_of_Entra_ID")]
    [TestCase(
        "Production", "needs Authority", "--Authentication:Schemes:Bearer:ValidAudiences:0=x",
        TestName = "Refuses_to_start_without_an_authority")]
    [TestCase(
        "Production", "ValidAudiences", "--Authentication:Schemes:Bearer:Authority=https://issuer.example",
        TestName = "Refuses_to_start_without_an_audience")]
    [TestCase(
        "Development",
        "Set one of them",
        "--AzureAd:ClientId=x",
        "--Authentication:Schemes:Bearer:Authority=https://issuer.example",
        TestName = "Refuses_to_start_with_two_issuers")]
    [TestCase(
        "Production", "needs Instance, TenantId and ClientId", "--AzureAd:ClientId=x", "--AzureAd:TenantId=y",
        TestName = "Refuses_to_start_with_Entra_ID_without_an_instance")]
    [TestCase(
        "Production",
        "HTTPS",
        "--Authentication:Schemes:Bearer:Authority=http://issuer.example",
        "--Authentication:Schemes:Bearer:ValidAudiences:0=x",
        TestName = "Refuses_to_start_with_an_issuer_without_HTTPS")]
    [TestCase(
        "Production",
        "ValidIssuer",
        "--Authentication:Schemes:Bearer:SigningKeys:0:Value=AAAA",
        "--Authentication:Schemes:Bearer:ValidAudiences:0=x",
        TestName = "Refuses_to_start_with_signing_keys_of_no_issuer")]
    [TestCase(
        "Production",
        "issuer cannot be used",
        "--Authentication:Schemes:Bearer:SigningKeys:0:Value=!!",
        "--Authentication:Schemes:Bearer:SigningKeys:0:Issuer=i",
        "--Authentication:Schemes:Bearer:ValidIssuer=i",
        "--Authentication:Schemes:Bearer:ValidAudiences:0=x",
        TestName = "Refuses_to_start_with_a_key_that_is_not_base64")]
    [TestCase(
        "Production",
        "issuer cannot be used",
        "--AzureAd:Instance=not a url",
        "--AzureAd:ClientId=x",
        "--AzureAd:TenantId=y",
        TestName = "Refuses_to_start_with_an_instance_that_is_not_a_URL")]
    [TestCase(
        "Production",
        "needs Authority",
        "--Authentication:Schemes:Bearer:Authority= ",
        "--Authentication:Schemes:Bearer:ValidAudiences:0=x",
        TestName = "Refuses_to_start_with_an_empty_authority")]
    [TestCase(
        "Development", "has no file", "--ConnectionStrings:KeySets=Data Source=",
        TestName = "Refuses_to_start_without_a_file_for_its_database")]
    [TestCase(
        "Development", "Database:Provider is 'Oracle'", "--Database:Provider=Oracle",
        TestName = "Refuses_to_start_with_an_unknown_database")]
    [TestCase(
        "Development", "KeySets:IdPrefix", "--KeySets:IdPrefix=a/b",
        TestName = "Refuses_to_start_with_a_prefix_that_no_id_can_have")]
    [TestCase(
        "Development", "has a URI", "--ConnectionStrings:KeySets=Data Source=file:x?mode=memory",
        TestName = "Refuses_to_start_with_a_URI_for_its_database")]
    [TestCase(
        "Development", "in memory", "--ConnectionStrings:KeySets=Data Source=:memory:;Password=x",
        TestName = "Refuses_to_start_with_a_password_for_a_database_in_memory")]
    [TestCase(
        "Development", "nowhere", "--contentRoot=/nowhere/at/all",
        TestName = "Refuses_to_start_in_a_folder_that_does_not_exist")]
    [TestCase(
        "Development", "ReverseProxy:KnownProxies:0 is not an IP address", "--ReverseProxy:KnownProxies:0=proxy",
        TestName = "Refuses_to_start_with_a_proxy_that_is_not_an_address")]
    [TestCase(
        "Development",
        "ReverseProxy:KnownNetworks:0 is not an IP network",
        "--ReverseProxy:KnownNetworks:0=10.0.0.1/8/8",
        TestName = "Refuses_to_start_with_an_invalid_network")]
    [TestCase(
        "Development", "KeySets:Cors:Origins:0 is not an origin", "--KeySets:Cors:Origins:0=*",
        TestName = "Refuses_to_start_with_a_wildcard_for_an_origin")]
    [TestCase(
        "Development", "KeySets:Cors:Origins:1 is not an origin", "--KeySets:Cors:Origins:0=https://a.example",
        "--KeySets:Cors:Origins:1=https://b.example/",
        TestName = "Refuses_to_start_with_an_origin_that_has_a_path")]
    [TestCase(
        "Development", "KeySets:Cors:Origins:0 is not an origin", "--KeySets:Cors:Origins:0=https://*.example",
        TestName = "Refuses_to_start_with_a_wildcard_within_an_origin")]
    [TestCase(
        "Development", "KeySets:Cors:Origins:0 is not an origin", "--KeySets:Cors:Origins:0=https://a.example:443",
        TestName = "Refuses_to_start_with_an_origin_that_no_browser_sends")]
    [TestCase(
        "Development", "KeySets:Cors:Origins:0 is not an origin", "--KeySets:Cors:Origins:0=a.example",
        TestName = "Refuses_to_start_with_an_origin_without_a_scheme")]
    [TestCase(
        "Development", "Set KeySets:Cors:Origins:0", "--KeySets:Cors:Origins=https://a.example",
        TestName = "Refuses_to_start_with_an_origin_that_is_in_no_list")]
    [TestCase(
        "Development", "Health:LeastFreeMebibytes", "--Health:LeastFreeMebibytes=-1",
        TestName = "Refuses_to_start_with_a_negative_limit_for_the_disk")]
    [TestCase(
        "Development", "Database:LongestQuerySeconds", "--Database:LongestQuerySeconds=0",
        TestName = "Refuses_to_start_with_no_time_for_a_query")]
    [TestCase(
        "Development", "KeySets:Publish", "--KeySets:Publish=maybe",
        TestName = "Refuses_to_start_with_publishing_neither_on_nor_off")]
    [TestCase(
        "Development", "ConnectionStrings:KeySets is not", "--ConnectionStrings:KeySets=Server=x",
        TestName = "Refuses_to_start_with_a_connection_string_of_another_database")]
    [TestCase(
        "Development", "cannot be used", "--ConnectionStrings:KeySets=Data Source=/dev/null/keysets.db",
        TestName = "Refuses_to_start_if_it_cannot_create_its_database")]
    public async Task Refuses_to_start(string environment, string reason, params string[] settings)
    {
        using KeySetsProcess service = new(Folder.FullPath, environment, settings);

        int exitCode = await service.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. ").And.Contain(reason));
        Assert.That(service.Output, Does.Not.Contain("   at "), "no stack trace");
    }

    [Test]
    public async Task Refuses_to_start_with_settings_that_are_not_JSON()
    {
        await File.WriteAllTextAsync(Folder.File("appsettings.json"), "{");
        using KeySetsProcess service = new(Folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. ").And.Contain("appsettings.json"));
    }
}

using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting;

/// <summary>When the service refuses to start, and what it says.</summary>
public sealed class StartupRefusalTests : ProcessTests
{
    [Test]
    public async Task Refuses_to_start_with_a_key_ring_that_it_cannot_read()
    {
        string keyRing = Directory.CreateDirectory(Folder.File("App_Data/key-ring")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keyRing, "key-1.xml"), "cut off in the mid");
        using KeySetsProcess service = new(Folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.Contain("KeySets cannot start. The key ring of DataProtection:KeyDirectory cannot be used"));
    }

    [Test]
    public async Task Refuses_to_start_with_another_key_ring_than_its_database_was_sealed_with()
    {
        using (KeySetsProcess first = new(Folder.FullPath, "Development"))
        {
            using HttpClient client = await first.ClientAsync();
            await client.CreateAsync("""{"keys":[{"kty":"x"}]}""");
            await client.CreateAsync(Documentation.CreateRequest);
        }

        Directory.Delete(Folder.File("App_Data/key-ring"), recursive: true);
        using KeySetsProcess second = new(Folder.FullPath, "Development");

        Assert.That(await second.ExitAsync(), Is.EqualTo(1), second.Output);
        Assert.That(second.Output, Does.Contain("is not the one that the database was sealed with"));
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
    [TestCase("Development", "has no file", "--ConnectionStrings:KeySets=Data Source=", TestName = "Refuses_to_start_without_a_file_for_its_database")]
    [TestCase("Development", "Database:Provider is 'PostgreSql'", "--Database:Provider=PostgreSql", TestName = "Refuses_to_start_with_a_database_that_it_does_not_have")]
    [TestCase("Development", "KeySets:IdPrefix", "--KeySets:IdPrefix=a/b", TestName = "Refuses_to_start_with_a_prefix_that_no_id_can_have")]
    [TestCase("Development", "has a URI", "--ConnectionStrings:KeySets=Data Source=file:x?mode=memory", TestName = "Refuses_to_start_with_a_URI_for_its_database")]
    [TestCase("Development", "in memory", "--ConnectionStrings:KeySets=Data Source=:memory:;Password=x", TestName = "Refuses_to_start_with_a_password_for_its_memory")]
    [TestCase("Development", "nowhere", "--contentRoot=/nowhere/at/all", TestName = "Refuses_to_start_in_a_folder_that_is_not_there")]
    [TestCase("Development", "ReverseProxy:KnownProxies:0 is no IP address", "--ReverseProxy:KnownProxies:0=proxy", TestName = "Refuses_to_start_with_a_proxy_that_is_no_address")]
    [TestCase("Development", "ReverseProxy:KnownNetworks:0 is no IP network", "--ReverseProxy:KnownNetworks:0=10.0.0.1/8/8", TestName = "Refuses_to_start_with_a_network_that_is_none")]
    [TestCase("Development", "Health:LeastFreeMebibytes", "--Health:LeastFreeMebibytes=-1", TestName = "Refuses_to_start_with_less_than_no_room_on_the_disk")]
    [TestCase("Development", "KeySets:Publish", "--KeySets:Publish=maybe", TestName = "Refuses_to_start_with_publishing_neither_on_nor_off")]
    [TestCase("Development", "ConnectionStrings:KeySets is not", "--ConnectionStrings:KeySets=Server=x", TestName = "Refuses_to_start_with_a_connection_string_of_another_database")]
    [TestCase("Development", "cannot be used", "--ConnectionStrings:KeySets=Data Source=/dev/null/keysets.db", TestName = "Refuses_to_start_without_a_place_for_its_data")]
    public async Task Refuses_to_start(string environment, string reason, params string[] settings)
    {
        using KeySetsProcess service = new(Folder.FullPath, environment, settings);

        int exitCode = await service.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. ").And.Contain(reason));
        Assert.That(service.Output, Does.Not.Contain("   at "), "no stack trace");
    }

    [Test]
    public async Task Refuses_to_start_with_settings_that_are_no_JSON()
    {
        await File.WriteAllTextAsync(Folder.File("appsettings.json"), "{");
        using KeySetsProcess service = new(Folder.FullPath, "Development");

        Assert.That(await service.ExitAsync(), Is.EqualTo(1), service.Output);
        Assert.That(service.Output, Does.StartWith("KeySets cannot start. ").And.Contain("appsettings.json"));
    }
}

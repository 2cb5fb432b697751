using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace KeySets.Tests.Hosting;

/// <summary>The packages in the published folder: which ones they are, and which of them a process loads.</summary>
public sealed class PublishedPackagesTests : ProcessTests
{
    private const string Issuer = "tests";

    [Test]
    public async Task Are_the_ones_that_the_SBOM_names()
    {
        string program = await PublishedProgram.FolderAsync();
        PublishedPackages packages = new(program);
        string file = await File.ReadAllTextAsync(Path.Combine(program, "KeySets.Api.cdx.json"));
        JsonNode sbom = JsonNode.Parse(file)!;
        JsonObject[] components = [.. sbom["components"]!.AsArray().Select(component => component!.AsObject())];

        Assert.That((string?)sbom["bomFormat"], Is.EqualTo("CycloneDX"));
        Assert.That(components.Select(component => (string?)component["purl"]), Is.EquivalentTo(packages.Urls));
        Assert.That(
            Directory.GetFiles(program, "*.dll").Select(Path.GetFileName), Is.EquivalentTo(packages.Assemblies));
        Assert.That(
            components.Select(component => (string?)component["hashes"]?[0]?["alg"]), Has.All.EqualTo("SHA-512"));
        Assert.That(components.Select(component => component["licenses"]?[0]), Has.All.Not.Null);
    }

    [Test]
    public async Task Are_not_loaded_in_Production_if_only_Development_needs_them()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Only Linux shows in /proc which files a process has mapped.");
        }

        string[] ofDevelopment = [.. new PublishedPackages(await PublishedProgram.FolderAsync()).AssembliesWithout(
            name => name.StartsWith("OpenIddict.", StringComparison.Ordinal)
                || name.StartsWith("Scalar.", StringComparison.Ordinal))];

        string[] loadedInProduction = await LoadedInProductionAsync();
        string[] loadedInDevelopment = await LoadedInDevelopmentAsync();

        // The same look finds the assemblies in Development, and in Production those that the requests need.
        Assert.That(ofDevelopment, Is.Not.Empty);
        Assert.That(loadedInDevelopment, Is.SupersetOf(ofDevelopment));
        Assert.That(loadedInProduction, Is.SupersetOf((string[])[
            "KeySets.Api.dll", "Microsoft.AspNetCore.OData.dll", "Microsoft.AspNetCore.OpenApi.dll",
            "Microsoft.EntityFrameworkCore.dll", "Microsoft.IdentityModel.JsonWebTokens.dll"]));
        Assert.That(loadedInProduction.Intersect(ofDevelopment), Is.Empty);
    }

    private async Task<string[]> LoadedInDevelopmentAsync()
    {
        using KeySetsProcess service = await PublishedProgram.StartAsync(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        await UseAsync(client);
        return service.MappedFiles();
    }

    private async Task<string[]> LoadedInProductionAsync()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        const string Scheme = "--Authentication:Schemes:Bearer";
        using KeySetsProcess service = await PublishedProgram.StartAsync(
            Folder.FullPath,
            "Production",
            $"{Scheme}:ValidAudiences:0={Issuer}",
            $"{Scheme}:ValidIssuer={Issuer}",
            $"{Scheme}:SigningKeys:0:Issuer={Issuer}",
            $"{Scheme}:SigningKeys:0:Value={Convert.ToBase64String(secret)}");
        using HttpClient client = new() { BaseAddress = await service.AddressAsync() };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TokenOf(secret));
        await UseAsync(client);
        return service.MappedFiles();
    }

    private static string TokenOf(byte[] secret) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Issuer,
        Claims = new Dictionary<string, object> { ["scp"] = Permissions.ReadWrite },
        SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(secret), SecurityAlgorithms.HmacSha256),
    });

    private static async Task UseAsync(HttpClient client)
    {
        HttpResponseMessage created = await client.CreateAsync(Documentation.CreateRequest);
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        string set = created.Headers.Location!.PathAndQuery;
        Dictionary<string, JsonObject> batch = await client.BatchAsync("", [
            Batches.Request("read", "GET", set), Batches.Request("create", "POST", HttpExtensions.KeySets, "{}")]);

        Assert.That(batch.Values.Select(answer => (int)answer["status"]!), Is.EqualTo([200, 201]));
        string[] urls = [set, $"{set}/jwks", $"{HttpExtensions.KeySets}?$filter=keys/any()", "/$metadata"];
        foreach (string url in (string[])[.. urls, "/openapi/v1.json", "/health/ready"])
        {
            Assert.That((await client.GetAsync(url)).StatusCode, Is.EqualTo(HttpStatusCode.OK), url);
        }

        Assert.That((await client.GetAsync("/none")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }
}

using KeySets.Api.Hosting.Development;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace KeySets.Tests.Support;

/// <summary>The service in memory, as README has it for other people's tests.</summary>
public sealed class KeySetsStandIn : WebApplicationFactory<Program>
{
    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public HttpClient ClientWith(string permission) =>
        ClientWithToken(Services.GetRequiredService<DevelopmentIssuer>().CreateToken(permission));

    public HttpClient ClientWithToken(string token)
    {
        HttpClient client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development").UseSetting("ConnectionStrings:KeySets", "Data Source=:memory:");
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Clock));
    }
}

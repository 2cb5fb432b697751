using KeySets.Api.Hosting.Access;
using KeySets.Api.Hosting.Development;
using KeySets.Api.Hosting.Health;
using KeySets.Api.Hosting.Server;
using KeySets.Api.OData;
using KeySets.Api.OData.Batch;
using KeySets.Api.OpenApi;

namespace KeySets.Api.Hosting;

/// <summary>The rooms of the service, put together: their services, their endpoints, and what they do before the first request.</summary>
public static class KeySetsService
{
    /// <summary>Adds the services of every room.</summary>
    /// <exception cref="StartupException">A setting cannot be used.</exception>
    public static WebApplicationBuilder AddKeySets(this WebApplicationBuilder builder)
    {
        builder.AddWebServer();
        builder.AddAccess();
        builder.AddStorage();
        builder.AddODataService();
        builder.AddHealth();
        builder.AddApiReference();
        return builder;
    }

    /// <summary>Maps the endpoints of every room.</summary>
    public static void MapKeySets(this WebApplication app)
    {
        app.MapODataService();
        app.MapODataBatch();
        app.MapHealth();
        app.MapApiReference();
        app.MapDevelopment();
    }

    /// <summary>Checks the token issuer, the database and the key ring, and brings the database to this version.</summary>
    /// <exception cref="StartupException">One of them cannot be used.</exception>
    public static async Task PrepareKeySetsAsync(this WebApplication app)
    {
        app.CheckAccess();
        await app.PrepareStorageAsync();
    }
}

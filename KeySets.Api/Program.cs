using KeySets.Api.Hosting;
using KeySets.Api.OData;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.Connections;

try
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
    builder.AddWebServer();
    builder.AddAccess();
    builder.AddStorage();
    builder.AddODataService();
    builder.AddHealth();
    builder.AddApiReference();

    WebApplication app = builder.Build();
    app.UseForwardedHeaders();
    app.UseODataProtocol();
    app.UseApiReference();
    app.UseODataQueryRequest();
    app.UseODataAddresses();
    app.UseRouting();
    app.UseAccess();
    app.UseODataChecks();
    app.MapODataService();
    app.MapHealth();
    app.MapApiReference();
    app.PrintFirstCommand();

    app.CheckAccess();
    await app.PrepareStorageAsync();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is StartupException or InvalidDataException or DirectoryNotFoundException || exception.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync($"KeySets cannot start. {exception.Message}");
    return 1;
}

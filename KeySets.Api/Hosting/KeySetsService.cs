using KeySets.Api.Hosting.Access;
using KeySets.Api.Hosting.Commands;
using KeySets.Api.Hosting.Development;
using KeySets.Api.Hosting.Health;
using KeySets.Api.Hosting.Server;
using KeySets.Api.OData;
using KeySets.Api.OData.Batch;
using KeySets.Api.OpenApi;

namespace KeySets.Api.Hosting;

/// <summary>Puts the service together from its rooms: their services, their endpoints, and their start.</summary>
public static class KeySetsService
{
    /// <summary>Runs the service until it is asked to end, or the command that the first argument names.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="pipeline">The two lists of the pipeline in <c>Program.cs</c>, in their order.</param>
    /// <returns>The exit code: 0, or 1 if the service cannot start or the command has failed.</returns>
    public static async Task<int> RunAsync(string[] args, params Action<WebApplication>[] pipeline)
    {
        if (CommandLine.Answer(args) is { } answer)
        {
            await Console.Out.WriteLineAsync(answer);
            return 0;
        }

        if (await Command.TryRunAsync(args) is { } exitCode)
        {
            return exitCode;
        }

        try
        {
            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.AddKeySets();
            WebApplication app = builder.Build();
            // Both take a good part of the start, and neither needs the other.
            Task prepared = Task.Run(() => PrepareAsync(app));
            try
            {
                Array.ForEach(pipeline, add => add(app));
            }
            finally
            {
                // Its reason comes first.
                await prepared;
            }

            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (StartupException.IsReason(exception))
        {
            await Console.Error.WriteLineAsync($"KeySets cannot start. {exception.Message}");
            return 1;
        }
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

    private static Task PrepareAsync(WebApplication app)
    {
        app.CheckAccess();
        return app.PrepareStorageAsync();
    }

    private static void AddKeySets(this WebApplicationBuilder builder)
    {
        builder.AddWebServer();
        Settings.Check(builder.Configuration);
        builder.AddAccess();
        builder.AddStorage();
        builder.AddODataService();
        builder.AddHealth();
        builder.AddApiReference();
    }
}

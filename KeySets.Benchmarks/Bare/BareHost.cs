using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KeySets.Benchmarks.Bare;

/// <summary>
/// What the service is compared with: the least that Kestrel and SQLite need to answer the same requests with the same
/// bodies. It checks no token and no body, knows no OData, writes no log, and seals nothing.
/// </summary>
internal static class BareHost
{
    /// <summary>Runs the handler until it is asked to end.</summary>
    /// <param name="database">The file of its database.</param>
    /// <param name="address">The URL that it listens on.</param>
    public static async Task RunAsync(string database, string address)
    {
        BareTables.Create(database);
        using BareWriter writer = new(database);
        BareReads reads = new(database, address);
        BareWrites writes = new(writer, address);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(context, reads, writes));
        await app.RunAsync();
    }

    private static Task AnswerAsync(HttpContext context, BareReads reads, BareWrites writes)
    {
        string path = context.Request.Path.Value!;
        bool isGet = HttpMethods.IsGet(context.Request.Method);
        bool isOfSet = BareUrl.TryRead(path, out string id, out ReadOnlySpan<char> rest);
        if (isGet)
        {
            if (isOfSet)
            {
                Read(context, reads, id, rest);
            }
            else if (path == BareUrl.Sets)
            {
                reads.List(context);
            }

            // Anything else is /health/live: the benchmarks ask for nothing that is not there.
            return Task.CompletedTask;
        }

        return (isOfSet, path) switch
        {
            (true, _) => writes.PutAsync(context, id),
            (false, BareUrl.Sets) => writes.CreateAsync(context),
            _ => writes.BatchAsync(context),
        };
    }

    private static void Read(HttpContext context, BareReads reads, string id, ReadOnlySpan<char> rest)
    {
        switch (rest)
        {
            case "/getActiveKey":
                reads.GetActive(context, id);
                break;
            case "/jwks":
                reads.GetPublished(context, id);
                break;
            default:
                reads.Get(context, id);
                break;
        }
    }
}

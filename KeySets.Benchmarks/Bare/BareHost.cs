using KeySets.Benchmarks.Bare.PostgreSql;
using KeySets.Benchmarks.Bare.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KeySets.Benchmarks.Bare;

/// <summary>
/// What the service is compared with: the least that Kestrel and the client of a database need to answer the same
/// requests with the same bodies. It checks no token and no body, knows no OData, writes no log, and seals nothing.
/// </summary>
internal static class BareHost
{
    /// <summary>Runs the handler until it is asked to end.</summary>
    /// <param name="location">The file of its database, or a connection string of PostgreSQL.</param>
    /// <param name="address">The URL that it listens on.</param>
    public static async Task RunAsync(string location, string address)
    {
        await using IBareDatabase database = location.Contains("Host=", StringComparison.Ordinal)
            ? new PostgreSqlSets(location)
            : new SqliteSets(location);
        BareReads reads = new(database, address);
        BareWrites writes = new(database, address);
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
            // Anything else is /health/live: the benchmarks ask for nothing that is not there.
            return isOfSet ? ReadAsync(context, reads, id, rest).AsTask()
                : path == BareUrl.Sets ? reads.ListAsync(context).AsTask()
                : Task.CompletedTask;
        }

        return (isOfSet, path) switch
        {
            (true, _) => writes.PutAsync(context, id),
            (false, BareUrl.Sets) => writes.CreateAsync(context),
            _ => writes.BatchAsync(context),
        };
    }

    private static ValueTask ReadAsync(
        HttpContext context, BareReads reads, string id, ReadOnlySpan<char> rest) => rest switch
        {
            "/getActiveKey" => reads.GetActiveAsync(context, id),
            "/jwks" => reads.GetPublishedAsync(context, id),
            _ => reads.GetAsync(context, id),
        };
}

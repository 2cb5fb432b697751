using System.Data.Common;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using KeySets.Api.Capacity;
using KeySets.Api.Data;
using KeySets.Api.Data.Sqlite;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Support;

/// <summary>
/// A service with some sets, in which a query that reads all of them is slow: it stands still at <c>tolower</c> once it
/// has its own thread.
/// </summary>
public sealed class SlowQueries : IAsyncDisposable
{
    /// <summary>The number of sets.</summary>
    public const int Sets = 200;

    /// <summary>A slow query. It finds one set.</summary>
    public const string Slow = "/trustFramework/keySets?$select=id&$filter=tolower(id) eq 'set-7'";

    private readonly KeySetsApplication _application;
    private readonly WebApplicationFactory<Program> _service;
    private readonly StandStill _lower;

    private SlowQueries(KeySetsApplication application, Action<SlowQueries> atEachRow, int longestSeconds)
    {
        _application = application;
        _lower = new StandStill(() => atEachRow(this));
        _service = application.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(new QueryLimits { LongestSeconds = longestSeconds, QuickInstructions = 500 });
            services.ConfigureDbContext<SqliteContext>(options => options.AddInterceptors(_lower));
        }));
        Writer = _service.CreateClient();
        Writer.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", application.Issuer.CreateToken(KeySetsApplication.ReadWrite));
    }

    /// <summary>A client that may read and write.</summary>
    public HttpClient Writer { get; }

    /// <summary>The services of the service.</summary>
    public IServiceProvider Services => _service.Services;

    /// <summary>Counts the slow queries that have begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    /// <summary>Lets the slow queries go on.</summary>
    public ManualResetEventSlim Resume { get; } = new();

    /// <summary>Starts a service.</summary>
    /// <param name="atEachRow">Runs at each row of a slow query; by default the query waits to be let go.</param>
    /// <param name="log">A receiver of the log.</param>
    /// <param name="clock">The clock of the service; null for that of the system.</param>
    /// <param name="longestSeconds">How long a query may run.</param>
    public static async Task<SlowQueries> StartAsync(
        Action<SlowQueries>? atEachRow = null,
        LogCollector? log = null,
        TimeProvider? clock = null,
        int longestSeconds = 60)
    {
        SlowQueries slow = new(
            new KeySetsApplication { Log = log, Clock = clock }, atEachRow ?? WaitOnce, longestSeconds);
        foreach (int[] numbers in Enumerable.Range(0, Sets).Chunk(100))
        {
            await slow.Writer.BatchAsync("", [.. numbers.Select(Create)]);
        }

        return slow;
    }

    /// <summary>Starts as many slow queries as there are seats, and waits until all have begun.</summary>
    public async Task<Task<HttpResponseMessage>[]> FillAsync(string url = Slow)
    {
        Task<HttpResponseMessage>[] queries =
            [.. Enumerable.Range(0, Seats.Processors).Select(_ => Writer.GetAsync(url))];
        await BeginAsync(queries.Length);
        return queries;
    }

    /// <summary>Waits until some more slow queries have begun.</summary>
    public async Task BeginAsync(int count)
    {
        for (int begun = 0; begun < count; begun++)
        {
            Assert.That(await Begun.WaitAsync(TimeSpan.FromSeconds(30)), "a slow query begins");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // The service waits for its requests.
        Resume.Set();
        await _service.DisposeAsync();
        await _application.DisposeAsync();
        Begun.Dispose();
        Resume.Dispose();
    }

    private static JsonObject Create(int number) =>
        Batches.Request($"{number}", "POST", "trustFramework/keySets", $$"""{"id":"set-{{number}}"}""");

    private static void WaitOnce(SlowQueries slow)
    {
        if (!slow.Resume.IsSet)
        {
            slow.Begun.Release();
            slow.Resume.Wait(TimeSpan.FromMinutes(1));
        }
    }

    private sealed class StandStill(Action atEachRow) : DbConnectionInterceptor
    {
        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
            ((SqliteConnection)connection).CreateFunction<string, string>(UnicodeCase.Lower, Lower);

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }

        private string Lower(string text)
        {
            if (Thread.CurrentThread.Name == nameof(OwnThread))
            {
                atEachRow();
            }

            return text.ToLowerInvariant();
        }
    }
}

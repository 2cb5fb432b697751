using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Json;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Hosting.Health;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data;

/// <summary>Requests that the client cancels while the database works: reads stop, writes do not.</summary>
public sealed class CancelledRequestTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [TestCase("?$orderby=id desc")]
    [TestCase("/$count")]
    [TestCase("('set')?$select=keys($filter=use eq 'sig')")]
    [TestCase("('set')/keys?$orderby=kid")]
    [TestCase("('set')/keys/$count?$filter=use eq 'sig'")]
    public async Task Stop_reading(string url)
    {
        Gate gate = new();
        await using KeySetsApplication application = new();
        await using WebApplicationFactory<Program> service = Gated(application, gate);
        // The gate must open before the service is disposed, since the service waits for its requests.
        using Gate opensAtTheEnd = gate;
        HttpClient client = ClientOf(service, application);
        CancellationTokenSource goes = new();
        await client.CreateAsync("""{"id":"set"}""");
        // It reads too, after the start.
        await service.Services.GetRequiredService<SealedRowsScan>().ExecuteTask!.WaitAsync(Patience);
        gate.IsClosed = true;

        Task<HttpResponseMessage> request = client.GetAsync(HttpExtensions.KeySets + url, goes.Token);
        await gate.Reached.WaitAsync(Patience);
        await goes.CancelAsync();

        await Assert.ThatAsync(() => gate.Passed.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        await Assert.ThatAsync(() => request.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    [SuppressMessage(
        "Reliability", "CA2025", Justification = "The request is awaited before the factory disposes the client.")]
    public async Task Go_on_writing()
    {
        await using KeySetsApplication application = new();
        using CommitGate gate = await CommitGate.CreateAsync(application);
        HttpClient client = application.Writer;
        CancellationTokenSource goes = new();

        // The commit blocks its thread, which is not to be that of the test.
        Task<HttpResponseMessage> request = Task.Run(() =>
            client.PostAsJsonAsync(HttpExtensions.KeySets, new { id = "kept" }, goes.Token));
        await gate.Reached.WaitAsync(Patience);
        await goes.CancelAsync();
        // The request may be on the thread that the commit blocks.
        gate.Open();

        await Assert.ThatAsync(() => request.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
        // The next write waits for the transaction of this one.
        await client.CreateAsync("""{"id":"next"}""");
        HttpResponseMessage kept = await client.GetAsync($"{HttpExtensions.KeySets}('kept')");
        Assert.That(kept.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static HttpClient ClientOf(WebApplicationFactory<Program> service, KeySetsApplication application)
    {
        HttpClient client = service.CreateClient();
        client.DefaultRequestHeaders.Authorization =
            new("Bearer", application.Issuer.CreateToken(KeySetsApplication.ReadWrite));
        return client;
    }

    private static WebApplicationFactory<Program> Gated(KeySetsApplication application, Gate gate) =>
        application.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.ConfigureDbContext<SqliteContext>(options => options.AddInterceptors(gate))));

    /// <summary>
    /// Holds a query of EF Core back until the gate opens, or until the service cancels the query.
    /// </summary>
    private sealed class Gate : DbCommandInterceptor, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsClosed { get; set; }

        public Task Reached => _reached.Task;

        public Task Passed => _passed.Task;

        public void Dispose() => _open.TrySetResult();

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command,
            CommandEventData eventData,
            InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            if (IsClosed)
            {
                await PassAsync(cancellationToken);
            }

            return result;
        }

        private async Task PassAsync(CancellationToken cancellationToken)
        {
            IsClosed = false;
            _reached.SetResult();
            try
            {
                await _open.Task.WaitAsync(cancellationToken);
                _passed.SetResult();
            }
            catch (OperationCanceledException exception)
            {
                _passed.SetCanceled(exception.CancellationToken);
                throw;
            }
        }
    }

    /// <summary>Holds the next commit back until the gate opens.</summary>
    private sealed class CommitGate : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();
        private bool _isClosed;

        public Task Reached => _reached.Task;

        public static async Task<CommitGate> CreateAsync(KeySetsApplication application)
        {
            CommitGate gate = new();
            // The next write uses the same connection.
            await application.Services.GetRequiredService<WriteQueue>().RunAsync(connection =>
            {
                SQLitePCL.raw.sqlite3_commit_hook(connection.Connection.Handle, _ => gate.Pass(), v: null);
                return Task.FromResult(true);
            });
            gate._isClosed = true;
            return gate;
        }

        public void Open() => _open.Set();

        public void Dispose()
        {
            Open();
            _open.Dispose();
        }

        /// <returns>0: the commit may go on.</returns>
        private int Pass()
        {
            if (_isClosed)
            {
                _isClosed = false;
                _reached.SetResult();
                _open.Wait(Patience);
            }

            return 0;
        }
    }
}

using System.Data.Common;
using KeySets.Api.Data.Sqlite;
using KeySets.Api.Refusals;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>Writes that share a transaction.</summary>
[TestFixture]
public sealed class WriteQueueTests : ApiTests
{
    private WriteQueue Queue => Application.Services.GetRequiredService<WriteQueue>();

    [Test]
    public async Task Commits_waiting_writes_in_one_transaction()
    {
        List<DbTransaction?> transactions = [];
        TaskCompletionSource<bool> gate = new();
        Task first = await HoldAsync(gate);
        Task[] others = [.. Enumerable.Range(0, 10).Select(_ => Queue.RunAsync(connection =>
        {
            transactions.Add(connection.Statements.Transaction);
            return Task.FromResult(true);
        }))];

        gate.SetResult(true);
        await Task.WhenAll([first, .. others]);

        Assert.That(transactions, Has.Count.EqualTo(10));
        Assert.That(transactions.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Lets_a_refused_write_fail_alone()
    {
        TaskCompletionSource<bool> gate = new();
        Task first = await HoldAsync(gate);
        Task good = Queue.RunAsync(connection => AddAsync(connection, "beside-refusal-1"));
        Task refused = Queue.RunAsync<bool>(_ => throw Refusal.KeySetExists());
        Task alsoGood = Queue.RunAsync(connection => AddAsync(connection, "beside-refusal-2"));

        gate.SetResult(true);
        await Task.WhenAll(first, good, alsoGood);

        await Assert.ThatAsync(() => refused, Throws.InstanceOf<RefusalException>());
        Assert.That(await Application.CountKeySetsAsync("beside-refusal-"), Is.EqualTo(2));
    }

    [Test]
    public async Task Lets_a_failed_write_fail_alone_and_rolls_it_back()
    {
        TaskCompletionSource<bool> gate = new();
        Task first = await HoldAsync(gate);
        Task good = Queue.RunAsync(connection => AddAsync(connection, "beside-failure-1"));
        Task failed = Queue.RunAsync<bool>(async connection =>
        {
            await AddAsync(connection, "beside-failure-undone");
            throw new InvalidOperationException("a defect");
        });
        Task alsoGood = Queue.RunAsync(connection => AddAsync(connection, "beside-failure-2"));

        gate.SetResult(true);
        await Task.WhenAll(first, good, alsoGood);

        await Assert.ThatAsync(() => failed, Throws.InvalidOperationException);
        Assert.That(await Application.CountKeySetsAsync("beside-failure-"), Is.EqualTo(2));
    }

    [TestCase(true, 2)]
    [TestCase(false, 0)]
    public async Task Keeps_all_writes_of_a_group_or_none(bool keep, int kept)
    {
        await Queue.RunAloneAsync(async connection =>
        {
            await AddAsync(connection, $"together-{keep}-1");
            await AddAsync(connection, $"together-{keep}-2");
            return keep;
        });

        Assert.That(await Application.CountKeySetsAsync($"together-{keep}"), Is.EqualTo(kept));
    }

    [Test]
    public async Task Shares_the_transaction_of_a_group_with_no_other_write()
    {
        TaskCompletionSource<bool> gate = new();
        Task together = Queue.RunAloneAsync(async connection =>
        {
            await AddAsync(connection, "alone-undone");
            await gate.Task;
            throw new InvalidOperationException("a defect");
        });
        Task beside = Queue.RunAsync(connection => AddAsync(connection, "alone-beside"));

        gate.SetResult(true);
        await Assert.ThatAsync(() => together, Throws.InvalidOperationException);
        await beside;
        await Queue.RunAsync(connection => AddAsync(connection, "alone-after"));

        Assert.That(await Application.CountKeySetsAsync("alone-"), Is.EqualTo(2));
    }

    /// <summary>Occupies the writer until the gate is open.</summary>
    /// <returns>The write that does so.</returns>
    private async Task<Task> HoldAsync(TaskCompletionSource<bool> gate)
    {
        TaskCompletionSource holds = new();
        Task held = Queue.RunAsync(_ =>
        {
            holds.SetResult();
            return gate.Task;
        });
        await holds.Task;
        return held;
    }

    private static Task<bool> AddAsync(KeptConnection connection, string id) =>
        connection.Rows.InsertAsync(SampleEvents.New(new TrustFrameworkKeySet { Id = id }));
}

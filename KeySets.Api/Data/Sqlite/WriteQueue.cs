using KeySets.Api.Refusals;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The one writer of the SQLite database, which syncs its file at each commit. The writes that wait meanwhile are
/// committed together.
/// </summary>
/// <param name="transactions">Runs transactions. Whoever has the writer uses it.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
public sealed class WriteQueue(WriteTransactions transactions, DatabaseFile? file = null)
    : SharedCommits<QueuedWork>(most: 128)
{
    /// <summary>Runs some work within a durable transaction, which other writes may share.</summary>
    /// <inheritdoc cref="Database.WriteAsync" />
    public Task<T> RunAsync<T>(Func<KeptConnection, Task<T>> work)
    {
        QueuedWork<T> write = new(work);
        return RunAsync(write, write.Result);
    }

    /// <summary>Runs some work within a durable transaction that no other write shares.</summary>
    /// <param name="work">Writes rows, and returns whether to keep them. It runs once.</param>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full. Nothing was kept.</exception>
    public Task RunAloneAsync(Func<KeptConnection, Task<bool>> work) => RunAloneAsync(async () =>
    {
        try
        {
            await transactions.RunAsync(work, writes: 1);
        }
        catch (Exception exception) when (SqliteFailure.RefusalOf(exception, file) is { } refusal)
        {
            throw refusal;
        }
    });

    /// <inheritdoc />
    protected override async Task CommitTogetherAsync(IReadOnlyList<QueuedWork> writes)
    {
        await transactions.RunAsync(async connection =>
        {
            foreach (QueuedWork write in writes)
            {
                await write.RunAsync(connection);
            }

            return true;
        }, writes.Count);
        foreach (QueuedWork write in writes)
        {
            write.Complete();
        }
    }

    /// <inheritdoc />
    protected override bool IsOfAll(Exception exception) => SqliteFailure.IsBusy(exception);

    /// <inheritdoc />
    protected override Exception ToTell(Exception exception) =>
        SqliteFailure.RefusalOf(exception, file) ?? exception;
}

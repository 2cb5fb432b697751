namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// Creates of sets. Those that wait while others are committed are committed together, by one statement.
/// </summary>
/// <param name="transactions">Commits.</param>
/// <param name="isShared">
/// Whether they are. If not, each write touches one set, which matters where sets are distributed over servers.
/// </param>
public sealed class InsertQueue(PostgreSqlWrites transactions, bool isShared)
    : SharedCommits<QueuedInsert>(most: 64, spares: 3)
{
    /// <summary>Inserts a set, and makes it durable.</summary>
    /// <inheritdoc cref="Database.InsertAsync" />
    public async Task<bool> InsertAsync(NewSet added)
    {
        QueuedInsert insert = new(added);
        return isShared
            ? await RunAsync(insert, insert.Result)
            : (await transactions.InsertAsync([added])).Count == 1;
    }

    /// <inheritdoc />
    protected override async Task CommitTogetherAsync(IReadOnlyList<QueuedInsert> writes)
    {
        // In the order of their ids: two statements that wait for each other's ids would be a deadlock. Of inserts with
        // one id, the first is the one that can add it.
        QueuedInsert[] inserts = [.. writes.DistinctBy(Id, StringComparer.Ordinal).OrderBy(Id, StringComparer.Ordinal)];
        IReadOnlySet<string> added = await transactions.InsertAsync([.. inserts.Select(insert => insert.Set)]);
        foreach (QueuedInsert insert in inserts)
        {
            insert.Complete(added.Contains(Id(insert)));
        }

        foreach (QueuedInsert later in writes.Except(inserts))
        {
            later.Complete(isAdded: false);
        }

        static string Id(QueuedInsert insert) => insert.Set.Stored.Set.Id;
    }

    /// <inheritdoc />
    protected override bool IsOfAll(Exception exception) => !PostgreSqlFailure.IsOfOneWrite(exception);

    /// <inheritdoc />
    protected override Exception ToTell(Exception exception) =>
        PostgreSqlFailure.RefusalOf(exception) ?? exception;
}

/// <summary>A create that waits in the <see cref="InsertQueue"/>.</summary>
/// <param name="set">The set.</param>
public sealed class QueuedInsert(NewSet set) : QueuedWrite
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The set.</summary>
    public NewSet Set => set;

    /// <summary>Whether there was no set with its id. The commit is durable.</summary>
    public Task<bool> Result => _done.Task;

    /// <summary>Tells the request that its commit is durable.</summary>
    public void Complete(bool isAdded) => _done.SetResult(isAdded);

    /// <inheritdoc />
    public override void Fail(Exception exception) => _done.SetException(exception);
}

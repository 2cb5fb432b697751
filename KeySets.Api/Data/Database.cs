using KeySets.Api.Data.Reading;
using KeySets.Api.Refusals;
using KeySets.Model;

namespace KeySets.Api.Data;

/// <summary>
/// The seam to a database: all that the rest of the service knows of it. A database is a folder beside this file with a
/// class derived from this one, a context derived from <see cref="KeySetsDbContext"/>, and a method that registers
/// both.
/// </summary>
public abstract partial class Database
{
    /// <summary>Where the rows are, for the log.</summary>
    public abstract string Location { get; }

    /// <summary>
    /// Checks the promises of the database and brings its tables to this version. Called once, at the start.
    /// </summary>
    /// <param name="openKeyRing">
    /// Opens the key ring, and makes its first key. No other instance prepares the database meanwhile.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The database cannot keep its promises, or is of a newer version.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be used.</exception>
    public abstract Task PrepareAsync(Func<Task> openKeyRing);

    /// <summary>Runs the reads of a request. They end when the client goes, and at a limit of their time.</summary>
    /// <param name="read">Reads from the context. It can run twice.</param>
    /// <param name="cancellationToken">Ends the reads.</param>
    /// <exception cref="RefusalException">
    /// 503: the database is busy or lost, the reads take too long, or too many that do wait.
    /// </exception>
    public abstract Task<T> ReadAsync<T>(
        Func<KeySetsDbContext, Task<T>> read, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads a key set with its keys in order, without private members; null if there is none with this id.
    /// </summary>
    /// <exception cref="RefusalException">503: the database is busy or lost.</exception>
    public ValueTask<TrustFrameworkKeySet?> FindKeySetAsync(string id) =>
        ReadRowsAsync(static (rows, id) => rows.FindAsync(id), id);

    /// <summary>Reads a page of sets in the order of their ids.</summary>
    /// <param name="after">The last id of the page before; empty for the first page.</param>
    /// <param name="most">The most sets of the page.</param>
    /// <exception cref="RefusalException">503: the database is busy or lost.</exception>
    public ValueTask<KeySetPage> ReadPageAsync(string after, int most) =>
        ReadRowsAsync(static (rows, page) => rows.ReadPageAsync(page.after, page.most), (after, most));

    /// <summary>Whether any key has sealed private members.</summary>
    /// <exception cref="RefusalException">503: the database is busy or lost.</exception>
    public ValueTask<bool> AnySealedAsync() => ReadRowsAsync(static (rows, _) => rows.AnySealedAsync(), subject: true);

    /// <summary>Reads keys with sealed private members, in the order of their sets and of their places there.</summary>
    /// <inheritdoc cref="KeySetRows.ReadSealedAsync" />
    /// <exception cref="RefusalException">503: the database is busy or lost.</exception>
    public ValueTask<IReadOnlyList<SealedKey>> ReadSealedAsync(SealedKey? after, int most) =>
        ReadRowsAsync(static (rows, page) => rows.ReadSealedAsync(page.after, page.most), (after, most));

    /// <summary>The sealed answer to a repeatable request; null if it is not known.</summary>
    /// <exception cref="RefusalException">503: the database is busy or lost.</exception>
    public ValueTask<byte[]?> FindAnswerAsync(Guid id) =>
        ReadRowsAsync(static (rows, id) => new ValueTask<byte[]?>(rows.FindAnswerAsync(id)), id);

    /// <summary>Runs a write and makes it durable.</summary>
    /// <param name="work">
    /// Reads, decides and saves. It must refuse before it saves: only a failure undoes what was saved. It may run
    /// again, in another transaction, if the one that it shared with other writes fails.
    /// </param>
    /// <returns>What the work returned in the transaction that was committed.</returns>
    /// <exception cref="RefusalException">
    /// The work refused, or 503, 507: the database is busy, lost or full.
    /// </exception>
    /// <remarks>
    /// A write takes no cancellation token. Once it is queued it may share a transaction with other writes and may be
    /// committed at any moment: a client that has gone could no longer be told which of the two happened.
    /// </remarks>
    public abstract Task<T> WriteAsync<T>(Func<KeySetRows, Task<T>> work);

    /// <summary>
    /// Inserts a set with its keys, gives it its first revision, records that, and makes it durable.
    /// </summary>
    /// <returns>Whether there was none with this id. If there was one, nothing is changed.</returns>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full.</exception>
    public virtual Task<bool> InsertAsync(NewSet added) => WriteAsync(rows => rows.InsertAsync(added));

    /// <summary>Records an event that goes with no change, and makes it durable.</summary>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full.</exception>
    public virtual Task RecordAsync(AuditEvent one) => WriteAsync(async rows =>
    {
        await rows.RecordAsync(one);
        return true;
    });

    /// <summary>
    /// Runs several writes in one durable transaction that no other write shares: all are kept, or none.
    /// </summary>
    /// <param name="work">
    /// Writes by the transaction that it is given, and returns whether to keep the writes. It runs once.
    /// </param>
    /// <exception cref="RefusalException">503, 507: the database is busy, lost or full. Nothing was kept.</exception>
    public async Task WriteAllOrNothingAsync(Func<GroupTransaction, Task<bool>> work)
    {
        GroupTransaction? group = null;
        try
        {
            await RunAllOrNothingAsync(transaction => work(group = transaction));
        }
        finally
        {
            await (group?.DoLeftAsync() ?? Task.CompletedTask);
        }
    }

    /// <summary>Tells what a failure of the database means to the client.</summary>
    /// <returns>The refusal to answer with; null if the exception is no failure of the database.</returns>
    public abstract RefusalException? RefusalOf(Exception exception);

    /// <summary>Checks that the database can be read and that a commit to it is durable.</summary>
    /// <exception cref="Exception">It cannot, or is not.</exception>
    public abstract Task CheckHealthAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Finds the columns that hold what nobody can read. Queries read a harmless value in their place: no
    /// certificates, a revision of zeros, disabled.
    /// </summary>
    public virtual Task<IReadOnlyList<DamagedColumn>> FindDamagedColumnsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DamagedColumn>>([]);

    /// <inheritdoc cref="WriteAllOrNothingAsync" />
    protected abstract Task RunAllOrNothingAsync(Func<GroupTransaction, Task<bool>> work);

    /// <summary>Runs a read of rows on a connection that stays open.</summary>
    protected abstract ValueTask<T> ReadKeptAsync<TSubject, T>(
        Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject);

    /// <summary>Runs some work, and turns a failure of the database into its refusal.</summary>
    protected async Task<T> OrRefusedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (RefusalOf(exception) is { } refusal)
        {
            throw refusal;
        }
    }

    private async ValueTask<T> ReadRowsAsync<TSubject, T>(
        Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject)
    {
        try
        {
            return await ReadKeptAsync(read, subject);
        }
        catch (Exception exception) when (RefusalOf(exception) is { } refusal)
        {
            throw refusal;
        }
    }
}

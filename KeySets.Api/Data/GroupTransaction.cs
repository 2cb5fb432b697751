using KeySets.Api.Refusals;

namespace KeySets.Api.Data;

/// <summary>The transaction of a batch group, which all writes of the group join.</summary>
/// <param name="rows">The rows, on the connection that has begun the transaction.</param>
/// <param name="database">The database.</param>
public sealed class GroupTransaction(KeySetRows rows, Database database)
{
    private readonly List<Func<Task>> _later = [];

    /// <summary>Has something done after the transaction, whether it was kept or not.</summary>
    public void DoLater(Func<Task> work) => _later.Add(work);

    /// <summary>Does what was left for after the transaction.</summary>
    public async Task DoLeftAsync()
    {
        foreach (Func<Task> work in _later)
        {
            await work();
        }
    }

    /// <summary>Runs a write within the transaction.</summary>
    /// <exception cref="RefusalException">
    /// The work refused, or 503, 507: the database is busy, lost or full.
    /// </exception>
    public async Task<T> WriteAsync<T>(Func<KeySetRows, Task<T>> work)
    {
        try
        {
            return await work(rows);
        }
        catch (Exception exception) when (database.RefusalOf(exception) is { } refusal)
        {
            throw refusal;
        }
    }
}

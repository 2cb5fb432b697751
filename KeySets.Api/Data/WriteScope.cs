namespace KeySets.Api.Data;

/// <summary>
/// Where the writes of one request go: each into a durable transaction of its own, or all into the transaction of the
/// batch group that the request is part of. Each request has a scope; a batch group sets its transaction in the scopes
/// of its parts.
/// </summary>
public sealed class WriteScope(Database database)
{
    /// <summary>The transaction of the batch group; null for a request that is part of none.</summary>
    public GroupTransaction? Group { get; set; }

    /// <summary>Runs a write.</summary>
    /// <inheritdoc cref="Database.WriteAsync" />
    public Task<T> WriteAsync<T>(Func<KeySetRows, Task<T>> work) =>
        Group is null ? database.WriteAsync(work) : Group.WriteAsync(work);

    /// <inheritdoc cref="Database.InsertAsync" />
    public Task<bool> InsertAsync(NewSet added) => Group is null
        ? database.InsertAsync(added)
        : Group.WriteAsync(rows => rows.InsertAsync(added));
}

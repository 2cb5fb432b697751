namespace KeySets.Api.Data;

/// <content>What moves whole databases: backups, and copies to another database.</content>
public abstract partial class Database
{
    /// <summary>Looks which tables there are. Changes nothing, and makes no database where none is.</summary>
    /// <exception cref="InvalidOperationException">
    /// The database ends with its process, or lacks what was acknowledged.
    /// </exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be used.</exception>
    public abstract Task<StoredTables> FindTablesAsync();

    /// <summary>Runs reads that see the same moment, however long they take and whoever writes meanwhile.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be used.</exception>
    public abstract Task<T> ReadMomentAsync<T>(Func<KeySetRows, Task<T>> read);

    /// <summary>
    /// Writes all rows, as they are at one moment, to a file if the database is in the format of backups itself.
    /// </summary>
    /// <param name="path">An empty file.</param>
    /// <returns>Whether it has.</returns>
    public virtual Task<bool> TryWriteToAsync(string path) => Task.FromResult(false);

    /// <summary>What is there of the tables, by the migrations that they have had.</summary>
    /// <param name="applied">The migrations that the tables have had.</param>
    /// <param name="known">Those of this version.</param>
    public static StoredTables TablesOf(IReadOnlyCollection<string> applied, IReadOnlyCollection<string> known) =>
        applied.Count == 0 ? StoredTables.None
        : applied.Except(known).Any() ? StoredTables.Newer
        : known.Except(applied).Any() ? StoredTables.Older
        : StoredTables.Current;
}

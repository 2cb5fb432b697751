namespace KeySets.Benchmarks.Bare;

/// <summary>Where the bare handler keeps its sets.</summary>
internal interface IBareDatabase : IAsyncDisposable
{
    /// <summary>Runs a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="text">The id or kid that it asks for.</param>
    /// <param name="write">Reads the rows. Nothing may be awaited there.</param>
    /// <param name="time">The time that it asks for, in seconds since 1970.</param>
    ValueTask ReadAsync(BareQuery query, string text, Action<IBareRows> write, long time = 0);

    /// <summary>Inserts sets in one commit.</summary>
    Task AddAsync(params BareKeySet[] sets);

    /// <summary>Replaces a set in one commit.</summary>
    /// <returns>Whether it still had the tag that the client knows.</returns>
    Task<bool> ReplaceAsync(BareKeySet set, string known);
}

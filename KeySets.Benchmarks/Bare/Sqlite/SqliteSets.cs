namespace KeySets.Benchmarks.Bare.Sqlite;

/// <summary>Sets in SQLite. Each thread reads by a connection that it keeps, and one connection writes.</summary>
internal sealed class SqliteSets : IBareDatabase
{
    [ThreadStatic]
    private static BareConnection? OfThread;

    private readonly string _path;
    private readonly BareWriter _writer;

    /// <summary>Opens a file, and creates the tables if they are not there.</summary>
    public SqliteSets(string path)
    {
        _path = path;
        BareTables.Create(path);
        _writer = new BareWriter(path);
    }

    private BareConnection Connection => OfThread ??= new BareConnection(_path);

    /// <inheritdoc />
    public ValueTask ReadAsync(BareQuery query, string text, Action<IBareRows> write, long time = 0)
    {
        Statement statement = Connection.Of(query).Bind(1, text);
        if (query is BareQuery.Active)
        {
            statement.Bind(2, time);
        }

        try
        {
            write(statement);
        }
        finally
        {
            statement.Reset();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public Task AddAsync(params BareKeySet[] sets) => _writer.AddAsync(sets);

    /// <inheritdoc />
    public Task<bool> ReplaceAsync(BareKeySet set, string known) => _writer.ReplaceAsync(set, known);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }
}

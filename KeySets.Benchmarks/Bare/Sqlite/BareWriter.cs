namespace KeySets.Benchmarks.Bare.Sqlite;

/// <summary>The one connection that writes, with a durable commit for each request (WAL, synchronous=FULL).</summary>
internal sealed class BareWriter : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly BareConnection _connection;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _insertSet;
    private readonly Statement _insertKey;
    private readonly Statement _changeTag;
    private readonly Statement _deleteKeys;

    /// <summary>Opens the connection.</summary>
    public BareWriter(string database)
    {
        _connection = new BareConnection(database);
        _begin = _connection.Prepare("BEGIN IMMEDIATE");
        _commit = _connection.Prepare("COMMIT");
        _rollback = _connection.Prepare("ROLLBACK");
        _insertSet = _connection.Prepare("INSERT INTO Sets (Id, Tag) VALUES (?1, ?2)");
        _insertKey = _connection.Prepare(
            """
            INSERT INTO Keys (SetId, Ordinal, Kid, Kty, "Use", Nbf, Exp, E, N, Private)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """);
        _changeTag = _connection.Prepare("UPDATE Sets SET Tag = ?2 WHERE Id = ?1 AND Tag = ?3");
        _deleteKeys = _connection.Prepare("DELETE FROM Keys WHERE SetId = ?1");
    }

    /// <summary>Inserts sets in one commit.</summary>
    public Task AddAsync(params BareKeySet[] sets) => CommitAsync(() =>
    {
        foreach (BareKeySet set in sets)
        {
            _insertSet.Bind(1, set.Id).Bind(2, TagOf(set.EntityTag!)).Run();
            InsertKeys(set);
        }

        return true;
    });

    /// <summary>Replaces a set in one commit.</summary>
    /// <returns>Whether it still had the tag that the client knows.</returns>
    public Task<bool> ReplaceAsync(BareKeySet set, string known) => CommitAsync(() =>
    {
        _changeTag.Bind(1, set.Id).Bind(2, TagOf(set.EntityTag!)).Bind(3, TagOf(known)).Run();
        if (_connection.Changes != 1)
        {
            return false;
        }

        _deleteKeys.Bind(1, set.Id).Run();
        InsertKeys(set);
        return true;
    });

    /// <inheritdoc />
    public void Dispose()
    {
        _connection.Dispose();
        _turn.Dispose();
    }

    // W/"…"
    private static string TagOf(string entityTag) => entityTag[3..^1];

    private void InsertKeys(BareKeySet set)
    {
        foreach ((int ordinal, BareKey key) in set.Keys.Index())
        {
            _insertKey.Bind(1, set.Id).Bind(2, ordinal).Bind(3, key.Kid).Bind(4, key.Kty).Bind(5, key.Use)
                .Bind(6, key.Nbf).Bind(7, key.Exp).Bind(8, key.E).Bind(9, key.N).Bind(10, key.K).Run();
        }
    }

    private async Task<bool> CommitAsync(Func<bool> write)
    {
        await _turn.WaitAsync();
        try
        {
            _begin.Run();
            bool isKept = false;
            try
            {
                isKept = write();
            }
            finally
            {
                (isKept ? _commit : _rollback).Run();
            }

            return isKept;
        }
        finally
        {
            _turn.Release();
        }
    }
}

using SQLitePCL;

namespace KeySets.Benchmarks.Bare.Sqlite;

/// <summary>A kept connection with its prepared statements.</summary>
internal sealed class BareConnection : IDisposable
{
    // In the order of BareRows.
    private const string Columns =
        """s.Id, s.Tag, k.Ordinal, k.Kid, k.Kty, k."Use", k.Exp, k.Nbf, k.E, k.N""";

    private readonly sqlite3 _connection;
    private readonly List<Statement> _statements = [];
    private readonly Dictionary<BareQuery, Statement> _queries;

    /// <summary>Opens a connection.</summary>
    public BareConnection(string path)
    {
        Batteries_V2.Init();
        int result = raw.sqlite3_open_v2(
            path, out _connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, vfs: null);
        if (result != raw.SQLITE_OK)
        {
            throw new InvalidOperationException(raw.sqlite3_errstr(result).utf8_to_string());
        }

        Prepare("PRAGMA synchronous = FULL").Run();
        _queries = new Dictionary<BareQuery, Statement>
        {
            [BareQuery.Set] = Prepare(
                $"SELECT {Columns} FROM Sets s LEFT JOIN Keys k ON k.SetId = s.Id WHERE s.Id = ?1 ORDER BY k.Ordinal"),
            [BareQuery.Page] = Prepare(
                $"""
                SELECT {Columns} FROM (SELECT Id, Tag FROM Sets WHERE Id > ?1 ORDER BY Id LIMIT 101) s
                LEFT JOIN Keys k ON k.SetId = s.Id ORDER BY s.Id, k.Ordinal
                """),
            [BareQuery.ByKid] = Prepare(
                $"""
                SELECT {Columns} FROM (SELECT DISTINCT SetId FROM Keys WHERE Kid = ?1 ORDER BY SetId LIMIT 101) f
                JOIN Sets s ON s.Id = f.SetId LEFT JOIN Keys k ON k.SetId = s.Id ORDER BY s.Id, k.Ordinal
                """),
            // DESC puts null last: a key without nbf is active only if no dated key is.
            [BareQuery.Active] = Prepare(
                $"""
                SELECT {Columns} FROM Sets s JOIN Keys k ON k.SetId = s.Id
                WHERE s.Id = ?1 AND (k.Nbf IS NULL OR k.Nbf <= ?2) AND (k.Exp IS NULL OR k.Exp > ?2)
                ORDER BY k.Nbf DESC, k.Ordinal DESC LIMIT 1
                """),
            [BareQuery.Tag] = Prepare("SELECT Tag FROM Sets WHERE Id = ?1"),
        };
    }

    /// <summary>The rows that the last statement has changed.</summary>
    public int Changes => raw.sqlite3_changes(_connection);

    /// <summary>The statement of a query.</summary>
    public Statement Of(BareQuery query) => _queries[query];

    /// <summary>Prepares another statement.</summary>
    public Statement Prepare(string sql)
    {
        Statement statement = new(_connection, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _statements.ForEach(statement => statement.Close());
        _connection.Dispose();
    }
}

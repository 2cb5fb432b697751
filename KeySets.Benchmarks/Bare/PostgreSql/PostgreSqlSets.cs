using Npgsql;

namespace KeySets.Benchmarks.Bare.PostgreSql;

/// <summary>
/// Sets in PostgreSQL: one command a request, which Npgsql prepares on each connection of its pool, as it does for the
/// service.
/// </summary>
/// <param name="connectionString">The connection string of a database with <see cref="Definition"/>.</param>
internal sealed class PostgreSqlSets(string connectionString) : IBareDatabase
{
    /// <summary>The statements that create the tables: those of SQLite.</summary>
    public const string Definition =
        """
        CREATE TABLE Sets (Id text COLLATE "C" PRIMARY KEY, Tag text NOT NULL);
        CREATE TABLE Keys (
            SetId text COLLATE "C" NOT NULL, Ordinal integer NOT NULL, Kid text COLLATE "C" NOT NULL, Kty text,
            "use" text, Nbf bigint, Exp bigint, E text, N text, Private bytea, PRIMARY KEY (SetId, Ordinal));
        CREATE INDEX KeysByKid ON Keys (Kid);
        """;

    // In the order of BareRows.
    private const string Columns = """s.Id, s.Tag, k.Ordinal, k.Kid, k.Kty, k."use", k.Exp, k.Nbf, k.E, k.N""";

    private const string Insert =
        """
        WITH added AS (INSERT INTO Sets (Id, Tag) VALUES ($1, $2))
        INSERT INTO Keys (SetId, Ordinal, Kid, Kty, "use", Nbf, Exp, E, N, Private)
            VALUES ($1, 0, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string ChangeTag = "UPDATE Sets SET Tag = $2 WHERE Id = $1 AND Tag = $3";

    // Both change nothing if the tag was another one.
    private const string DeleteKeys = "DELETE FROM Keys USING Sets WHERE SetId = $1 AND Id = SetId AND Tag = $2";

    private const string InsertKey =
        """
        INSERT INTO Keys (SetId, Ordinal, Kid, Kty, "use", Nbf, Exp, E, N, Private)
            SELECT $1, 0, $3, $4, $5, $6, $7, $8, $9, $10 FROM Sets WHERE Id = $1 AND Tag = $2
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = 32,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        });

    /// <inheritdoc />
    public async ValueTask ReadAsync(BareQuery query, string text, Action<IBareRows> write, long time = 0)
    {
        await using NpgsqlCommand command = _source.CreateCommand(SqlOf(query));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        if (query is BareQuery.Active)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = time });
        }

        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        write(new NpgsqlRows(reader));
    }

    /// <inheritdoc />
    /// <remarks>The sets of the benchmarks have one key each. Several are added by one round trip too.</remarks>
    public async Task AddAsync(params BareKeySet[] sets)
    {
        if (sets is [var one])
        {
            await using NpgsqlCommand command = _source.CreateCommand(Insert);
            AddParameters(command.Parameters, one);
            await command.ExecuteNonQueryAsync();
            return;
        }

        await using NpgsqlBatch batch = _source.CreateBatch();
        foreach (BareKeySet set in sets)
        {
            NpgsqlBatchCommand command = new(Insert);
            AddParameters(command.Parameters, set);
            batch.BatchCommands.Add(command);
        }

        await batch.ExecuteNonQueryAsync();
    }

    /// <inheritdoc />
    public async Task<bool> ReplaceAsync(BareKeySet set, string known)
    {
        NpgsqlBatchCommand change = new(ChangeTag);
        Add(change.Parameters, set.Id!, TagOf(set.EntityTag!), TagOf(known));
        NpgsqlBatchCommand delete = new(DeleteKeys);
        Add(delete.Parameters, set.Id!, TagOf(set.EntityTag!));
        NpgsqlBatchCommand insert = new(InsertKey);
        AddParameters(insert.Parameters, set);
        await using NpgsqlBatch batch = _source.CreateBatch();
        batch.BatchCommands.Add(change);
        batch.BatchCommands.Add(delete);
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync();
        return change.RecordsAffected == 1;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string SqlOf(BareQuery query) => query switch
    {
        BareQuery.Set =>
            $"SELECT {Columns} FROM Sets s LEFT JOIN Keys k ON k.SetId = s.Id WHERE s.Id = $1 ORDER BY k.Ordinal",
        BareQuery.Page =>
            $"""
            SELECT {Columns} FROM (SELECT Id, Tag FROM Sets WHERE Id > $1 ORDER BY Id LIMIT 101) s
            LEFT JOIN Keys k ON k.SetId = s.Id ORDER BY s.Id, k.Ordinal
            """,
        BareQuery.ByKid =>
            $"""
            SELECT {Columns} FROM (SELECT DISTINCT SetId FROM Keys WHERE Kid = $1 ORDER BY SetId LIMIT 101) f
            JOIN Sets s ON s.Id = f.SetId LEFT JOIN Keys k ON k.SetId = s.Id ORDER BY s.Id, k.Ordinal
            """,
        BareQuery.Active =>
            $"""
            SELECT {Columns} FROM Sets s JOIN Keys k ON k.SetId = s.Id
            WHERE s.Id = $1 AND (k.Nbf IS NULL OR k.Nbf <= $2) AND (k.Exp IS NULL OR k.Exp > $2)
            ORDER BY k.Nbf DESC NULLS LAST, k.Ordinal DESC LIMIT 1
            """,
        _ => "SELECT Tag FROM Sets WHERE Id = $1",
    };

    // W/"…"
    private static string TagOf(string entityTag) => entityTag[3..^1];

    private static void AddParameters(NpgsqlParameterCollection parameters, BareKeySet set)
    {
        BareKey key = set.Keys.Single();
        Add(parameters, set.Id!, TagOf(set.EntityTag!), key.Kid!, key.Kty, key.Use);
        parameters.Add(new NpgsqlParameter<long?> { TypedValue = key.Nbf });
        parameters.Add(new NpgsqlParameter<long?> { TypedValue = key.Exp });
        Add(parameters, key.E, key.N);
        parameters.Add(new NpgsqlParameter<byte[]>
        {
            TypedValue = key.K is null ? null : System.Text.Encoding.ASCII.GetBytes(key.K),
        });
    }

    private static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<string?> values)
    {
        foreach (string? value in values)
        {
            parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        }
    }
}

using SQLitePCL;

namespace KeySets.Benchmarks.Bare.Sqlite;

/// <summary>A prepared statement, without the objects that ADO.NET makes for each row.</summary>
internal sealed class Statement : IBareRows
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a statement.</summary>
    public Statement(sqlite3 connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, sql, out _statement));
    }

    /// <summary>Sets a parameter, counted from 1.</summary>
    public Statement Bind(int index, string? value)
    {
        Check(value is null
            ? raw.sqlite3_bind_null(_statement, index)
            : raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    /// <summary>Sets a parameter, counted from 1.</summary>
    public Statement Bind(int index, long? value)
    {
        Check(value is { } number
            ? raw.sqlite3_bind_int64(_statement, index, number)
            : raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    /// <inheritdoc />
    public bool Step()
    {
        int result = raw.sqlite3_step(_statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(result);
        }

        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs the statement, and makes it ready for its next use.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes the statement ready for its next use. The read transaction ends.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <inheritdoc />
    public ReadOnlySpan<byte> Text(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <inheritdoc />
    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <inheritdoc />
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>Closes the statement. Its connection does so.</summary>
    public void Close() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new InvalidOperationException(raw.sqlite3_errmsg(_connection).utf8_to_string());
        }
    }
}

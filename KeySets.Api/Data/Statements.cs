using System.Data.Common;

namespace KeySets.Api.Data;

/// <summary>
/// Runs statements on a connection. The parameters of a statement are <c>@p0</c>, <c>@p1</c> and so on.
/// </summary>
public abstract class Statements
{
    /// <summary>Runs a statement that changes rows.</summary>
    /// <returns>The number of rows that it has changed.</returns>
    public Task<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values) =>
        CommandOf(sql, values).ExecuteNonQueryAsync();

    /// <summary>
    /// Runs a statement that reads rows. The reader must be disposed of before the statement runs again.
    /// </summary>
    public Task<DbDataReader> ReadAsync(string sql, params ReadOnlySpan<object?> values) =>
        CommandOf(sql, values).ExecuteReaderAsync();

    /// <summary>The command of a statement with its values. The connection disposes of it.</summary>
    protected abstract DbCommand CommandOf(string sql, ReadOnlySpan<object?> values);
}

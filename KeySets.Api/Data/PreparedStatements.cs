using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace KeySets.Api.Data;

/// <summary>
/// The statements of a connection that stays open. Each is prepared when it first runs: to prepare a statement takes
/// longer than to run it. The parameters of a statement are <c>@p0</c>, <c>@p1</c> and so on.
/// </summary>
/// <param name="connection">The connection, which is open. It disposes of the statements when it is closed.</param>
public sealed class PreparedStatements(DbConnection connection)
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>The transaction that the statements run in; null for none.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <summary>Runs a statement that changes rows.</summary>
    /// <returns>The number of rows that it has changed.</returns>
    public Task<int> ExecuteAsync(string sql, params ReadOnlySpan<object?> values) =>
        Prepare(sql, values).ExecuteNonQueryAsync();

    /// <summary>
    /// Runs a statement that reads rows. The reader must be disposed of before the statement runs again.
    /// </summary>
    public Task<DbDataReader> ReadAsync(string sql, params ReadOnlySpan<object?> values) =>
        Prepare(sql, values).ExecuteReaderAsync();

    private DbCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out DbCommand? command))
        {
            command = Create(sql, values.Length);
            command.Prepare();
            _commands.Add(sql, command);
        }

        command.Transaction = Transaction;
        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The callers are this folder's, and their SQL is constant.")]
    private DbCommand Create(string sql, int parameters)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int index = 0; index < parameters; index++)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{index}";
            command.Parameters.Add(parameter);
        }

        return command;
    }
}

using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The statements of a connection that stays open. Each is prepared when it first runs: to prepare a statement takes
/// longer than to run it.
/// </summary>
/// <param name="connection">The connection, which is open. It disposes of the statements when it is closed.</param>
public sealed class PreparedStatements(SqliteConnection connection) : Statements
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>The transaction that the statements run in; null for none.</summary>
    public DbTransaction? Transaction { get; set; }

    /// <inheritdoc />
    protected override DbCommand CommandOf(string sql, ReadOnlySpan<object?> values)
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

    [SuppressMessage(
        "Security", "CA2100", Justification = "The callers are the rows of this service, and their SQL is constant.")]
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

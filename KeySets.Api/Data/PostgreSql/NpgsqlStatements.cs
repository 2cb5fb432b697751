using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// The statements of a connection of the pool. Npgsql prepares those that come often, on each connection of its pool.
/// </summary>
/// <param name="connection">The connection, which is open.</param>
public sealed class NpgsqlStatements(NpgsqlConnection connection) : Statements
{
    // The same few names for all statements.
    private static readonly string[] Names = [.. Enumerable.Range(0, 32).Select(index => $"p{index}")];

    /// <inheritdoc />
    [SuppressMessage(
        "Security", "CA2100", Justification = "The callers are the rows of this service, and their SQL is constant.")]
    protected override DbCommand CommandOf(string sql, ReadOnlySpan<object?> values)
    {
        NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters.Add(new NpgsqlParameter(Names[index], values[index] ?? DBNull.Value));
        }

        return command;
    }
}

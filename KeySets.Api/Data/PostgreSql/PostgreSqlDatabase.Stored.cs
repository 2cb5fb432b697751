using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <content>What moves whole databases.</content>
public sealed partial class PostgreSqlDatabase
{
    /// <inheritdoc />
    public override async Task<StoredTables> FindTablesAsync()
    {
        await using PostgreSqlContext context = await contexts.CreateDbContextAsync();
        return TablesOf(
            [.. await context.Database.GetAppliedMigrationsAsync()], [.. context.Database.GetMigrations()]);
    }

    /// <inheritdoc />
    public override async Task<T> ReadMomentAsync<T>(Func<KeySetRows, Task<T>> read)
    {
        await using NpgsqlConnection connection = await connections.OpenConnectionAsync();
        await using NpgsqlTransaction moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using NpgsqlCommand readOnly = new("SET TRANSACTION READ ONLY", connection);
        await readOnly.ExecuteNonQueryAsync();
        return await read(new PostgreSqlRows(connection, write: Guid.Empty));
    }
}

using System.Data.Common;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>A connection for one write.</summary>
public sealed class WriteConnection : IAsyncDisposable
{
    private const string Warned = "WARNING";

    private WriteConnection(NpgsqlConnection connection)
    {
        Connection = connection;
        Rows = new PostgreSqlRows(connection, Write);
        connection.Notice += Keep;
    }

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Names the write.</summary>
    public Guid Write { get; } = Guid.NewGuid();

    /// <summary>Reads and writes rows on it.</summary>
    public PostgreSqlRows Rows { get; }

    /// <summary>
    /// The last warning; null for none. A server that gives up waiting for its standby commits nevertheless, and says
    /// so by a warning: if it is lost, so is the commit.
    /// </summary>
    public PostgresNotice? Warning { get; private set; }

    /// <summary>Takes a connection of the pool.</summary>
    public static async Task<WriteConnection> OpenAsync(NpgsqlDataSource source) =>
        new(await source.OpenConnectionAsync());

    /// <summary>Runs a statement that reads some texts, or null.</summary>
    public async Task<string[]?> ReadTextsAsync(string sql, string keySetId, Guid write)
    {
        await using DbDataReader row = await new NpgsqlStatements(Connection).ReadAsync(sql, keySetId, write);
        string[]? texts = await row.ReadAsync() && !await row.IsDBNullAsync(0)
            ? await row.GetFieldValueAsync<string[]>(0)
            : null;
        // To the end: the row comes before the commit.
        await row.NextResultAsync();
        return texts;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Connection.Notice -= Keep;
        return Connection.DisposeAsync();
    }

    private void Keep(object sender, NpgsqlNoticeEventArgs arguments)
    {
        if (arguments.Notice.InvariantSeverity == Warned)
        {
            Warning = arguments.Notice;
        }
    }
}

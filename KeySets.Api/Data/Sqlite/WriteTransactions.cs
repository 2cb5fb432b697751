using System.Data.Common;
using KeySets.Api.Diagnostics;
using KeySets.Api.Refusals;
using Microsoft.Data.Sqlite;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// The durable transactions of the one writer, one after the other, on a connection that stays open.
/// </summary>
/// <param name="connections">Opens connections to the database.</param>
/// <param name="instruments">Measures commits.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
public sealed class WriteTransactions(
    KeptConnections connections, Instruments instruments, DatabaseFile? file = null) : IDisposable
{
    // Of the last transaction, for the next one.
    private KeptConnection? _connection;

    /// <summary>Runs some work in a transaction.</summary>
    /// <param name="work">Writes rows, and returns whether to keep them.</param>
    /// <param name="writes">Of how many requests.</param>
    /// <exception cref="RefusalException">503: the file of the database is lost. Nothing was kept.</exception>
    public async Task RunAsync(Func<KeptConnection, Task<bool>> work, int writes)
    {
        KeptConnection connection = _connection ?? await connections.OpenAsync();
        _connection = null;
        bool isSound = false;
        try
        {
            await using DbTransaction transaction = await connection.Connection.BeginTransactionAsync();
            connection.Statements.Transaction = transaction;
            int before = Changes(connection);
            if (await work(connection))
            {
                await CommitAsync(connection, transaction, before, writes);
            }

            isSound = true;
        }
        catch (SqliteException exception) when (SqliteFailure.IsBusy(exception) || SqliteFailure.IsFull(exception))
        {
            // Neither says anything about the connection.
            isSound = true;
            throw;
        }
        finally
        {
            KeepOrClose(connection, isSound);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _connection?.Dispose();

    private void KeepOrClose(KeptConnection connection, bool isSound)
    {
        connection.Statements.Transaction = null;
        if (isSound && SQLitePCL.raw.sqlite3_get_autocommit(connection.Connection.Handle) != 0)
        {
            _connection = connection;
        }
        else
        {
            connection.Dispose();
        }
    }

    private async Task CommitAsync(KeptConnection connection, DbTransaction transaction, int before, int writes)
    {
        if (file is { IsThere: false })
        {
            throw Refusal.StorageLost();
        }

        // A number of its own would make SQLite sync a commit of refused writes, which changes nothing.
        int? number = file is not null && Changes(connection) != before
            ? await CommitMark.CountAsync(connection.Connection)
            : null;
        await instruments.CommitAsync(writes, () => transaction.CommitAsync());
        if (number is { } commit)
        {
            file!.Mark(commit);
        }
    }

    private static int Changes(KeptConnection connection) =>
        SQLitePCL.raw.sqlite3_total_changes(connection.Connection.Handle);
}

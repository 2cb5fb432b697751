using System.Collections.Frozen;
using System.Data;
using System.Diagnostics;
using KeySets.Api.Diagnostics;
using KeySets.Api.Refusals;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// The transactions of writes. One that fails is undone and can run again. If nobody can tell whether a commit has
/// happened, since its connection broke, the row that the write would have left tells it.
/// </summary>
/// <param name="source">The connections.</param>
/// <param name="retries">Runs writes again that have changed nothing.</param>
/// <param name="instruments">Measures commits.</param>
public sealed class PostgreSqlWrites(NpgsqlDataSource source, Retries retries, Instruments instruments)
{
    // A standby takes some seconds to become the primary.
    private static readonly TimeSpan PatienceForOutcome = TimeSpan.FromSeconds(30);

    // A write that has left no row can never be committed after this: its own record fails at this one.
    private const string Outcome =
        """
        INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At") VALUES (@p0, @p1, FALSE, now())
            ON CONFLICT ("KeySetId", "Id") DO UPDATE SET "At" = now()
            RETURNING CASE WHEN "IsCommitted" THEN "Added" END
        """;

    /// <summary>Runs some work in a transaction, again if it has to.</summary>
    public Task<T> RunAsync<T>(Func<KeySetRows, Task<T>> work) => retries.RunAsync(async () =>
    {
        T result = default!;
        await RunOnceAsync(async rows =>
        {
            result = await work(rows);
            return true;
        });
        return result;
    });

    /// <summary>Runs some work in a transaction once.</summary>
    /// <param name="work">Writes rows, and returns whether to keep them.</param>
    public async Task RunOnceAsync(Func<KeySetRows, Task<bool>> work)
    {
        await using WriteConnection connection = await WriteConnection.OpenAsync(source);
        await using NpgsqlTransaction transaction =
            await connection.Connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        if (await work(connection.Rows))
        {
            await CommitAsync(connection, () => transaction.CommitAsync());
        }
    }

    /// <summary>Inserts sets by one statement, which is a transaction by itself.</summary>
    /// <inheritdoc cref="PostgreSqlRows.InsertAsync(IReadOnlyCollection{NewSet})" />
    public Task<IReadOnlySet<string>> InsertAsync(IReadOnlyCollection<NewSet> sets) => retries.RunAsync(async () =>
    {
        await using WriteConnection connection = await WriteConnection.OpenAsync(source);
        IReadOnlySet<string> added = FrozenSet<string>.Empty;
        string[]? found = await CommitAsync(
            connection, async () => added = await connection.Rows.InsertAsync(sets), sets.Count);
        return found is null ? added : found.ToFrozenSet(StringComparer.Ordinal);
    });

    /// <summary>Commits what nobody reads, as durably as any write.</summary>
    public async Task CommitNothingAsync()
    {
        await using WriteConnection connection = await WriteConnection.OpenAsync(source);
        await connection.ReadTextsAsync(Outcome, keySetId: "", write: Guid.Empty);
        if (connection.Warning is { } warning)
        {
            throw new NpgsqlException(warning.MessageText);
        }
    }

    /// <summary>Commits, and finds out whether it has if nobody says so.</summary>
    /// <returns>If it had to be found out, the ids of the sets that were added.</returns>
    private async Task<string[]?> CommitAsync(WriteConnection connection, Func<Task> commit, int writes = 1)
    {
        Exception unclear;
        try
        {
            await instruments.CommitAsync(writes, commit);
            if (connection.Warning is not { } warning)
            {
                return null;
            }

            unclear = new NpgsqlException(warning.MessageText);
        }
        catch (Exception exception) when (!PostgreSqlFailure.IsUndone(exception))
        {
            unclear = exception;
        }

        return connection.Rows.ChangedSet is { } keySetId
            && await FindAddedAsync(keySetId, connection.Write, unclear) is { } added
                ? added
                : throw new NpgsqlException("The commit was lost with its connection.", unclear);
    }

    /// <returns>The ids of the sets that a write has added; null if it was not committed.</returns>
    private async Task<string[]?> FindAddedAsync(string keySetId, Guid write, Exception unclear)
    {
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            Exception failure = unclear;
            try
            {
                await using WriteConnection connection = await WriteConnection.OpenAsync(source);
                string[]? added = await connection.ReadTextsAsync(Outcome, keySetId, write);
                if (connection.Warning is null)
                {
                    return added;
                }
            }
            catch (Exception exception) when (PostgreSqlFailure.RefusalOf(exception) is not null)
            {
                failure = exception;
            }

            if (Stopwatch.GetElapsedTime(start) > PatienceForOutcome)
            {
                throw Refusal.UnclearWrite(unclear);
            }

            await retries.PauseAsync(attempt, failure);
        }
    }
}

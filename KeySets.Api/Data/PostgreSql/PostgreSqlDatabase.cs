using KeySets.Api.Refusals;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>A database on a server, for any number of instances.</summary>
/// <param name="contexts">Creates contexts, for queries.</param>
/// <param name="connections">The connections for rows.</param>
/// <param name="retries">Runs reads again.</param>
/// <param name="writes">Runs writes.</param>
/// <param name="inserts">Commits creates together.</param>
/// <param name="limits">How long a query may run.</param>
/// <param name="preparation">What must hold before the first request.</param>
public sealed partial class PostgreSqlDatabase(
    IDbContextFactory<PostgreSqlContext> contexts,
    NpgsqlDataSource connections,
    Retries retries,
    PostgreSqlWrites writes,
    InsertQueue inserts,
    QueryLimits limits,
    PostgreSqlPreparation preparation) : Database
{
    /// <inheritdoc />
    public override string Location => preparation.Location;

    /// <inheritdoc />
    public override Task PrepareAsync(Func<Task> openKeyRing) => preparation.PrepareAsync(openKeyRing);

    /// <inheritdoc />
    public override Task<T> ReadAsync<T>(
        Func<KeySetsDbContext, Task<T>> read, CancellationToken cancellationToken = default) =>
        OrRefusedAsync(async () =>
        {
            try
            {
                return await retries.RunAsync(async () =>
                {
                    await using PostgreSqlContext context = await contexts.CreateDbContextAsync(cancellationToken);
                    return await read(context);
                });
            }
            catch (Exception exception) when (PostgreSqlFailure.IsCanceled(exception))
            {
                throw Refusal.QueryTooSlow(limits.LongestSeconds, exception);
            }
        });

    /// <inheritdoc />
    public override Task<T> WriteAsync<T>(Func<KeySetRows, Task<T>> work) =>
        OrRefusedAsync(() => writes.RunAsync(work));

    /// <inheritdoc />
    public override Task<bool> InsertAsync(NewSet added) => OrRefusedAsync(() => inserts.InsertAsync(added));

    /// <inheritdoc />
    protected override Task RunAllOrNothingAsync(Func<GroupTransaction, Task<bool>> work) => OrRefusedAsync(async () =>
    {
        await writes.RunOnceAsync(rows => work(new GroupTransaction(rows, this)));
        return true;
    });

    /// <inheritdoc />
    public override RefusalException? RefusalOf(Exception exception) => PostgreSqlFailure.RefusalOf(exception);

    /// <inheritdoc />
    public override async Task CheckHealthAsync(CancellationToken cancellationToken)
    {
        await ReadPageAsync(after: "", most: 1);
        await OrRefusedAsync(() => retries.RunAsync(async () =>
        {
            await writes.CommitNothingAsync();
            return true;
        }));
    }

    /// <inheritdoc />
    protected override async ValueTask<T> ReadKeptAsync<TSubject, T>(
        Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject) =>
        await retries.RunAsync(async () =>
        {
            await using NpgsqlConnection connection = await connections.OpenConnectionAsync();
            return await read(new PostgreSqlRows(connection, write: Guid.Empty), subject);
        });
}

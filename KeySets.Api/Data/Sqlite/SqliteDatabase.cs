using KeySets.Api.Refusals;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The embedded database.</summary>
/// <param name="contexts">Creates contexts, for queries.</param>
/// <param name="connections">Connections that stay open, for rows.</param>
/// <param name="queries">Runs the queries of requests.</param>
/// <param name="writes">The one writer.</param>
/// <param name="logger">Tells of an upgrade.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
public sealed partial class SqliteDatabase(
    IDbContextFactory<SqliteContext> contexts,
    KeptConnections connections,
    Queries queries,
    WriteQueue writes,
    ILogger<SqliteDatabase> logger,
    DatabaseFile? file = null) : Database
{
    /// <inheritdoc />
    public override string Location =>
        file is null ? "memory: they are gone when the service ends" : connections.Settings.DataSource;

    /// <inheritdoc />
    public override async Task PrepareAsync(Func<Task> openKeyRing)
    {
        await SqlitePreparation.PrepareAsync(connections, contexts, file, logger);
        await openKeyRing();
    }

    /// <inheritdoc />
    public override Task<T> ReadAsync<T>(
        Func<KeySetsDbContext, Task<T>> read, CancellationToken cancellationToken = default) =>
        OrRefusedAsync(() => queries.RunAsync(read, cancellationToken));

    /// <inheritdoc />
    public override Task<T> WriteAsync<T>(Func<KeySetRows, Task<T>> work) =>
        writes.RunAsync(connection => work(connection.ForWrite()));

    /// <inheritdoc />
    protected override Task RunAllOrNothingAsync(Func<GroupTransaction, Task<bool>> work) =>
        writes.RunAloneAsync(connection => work(new GroupTransaction(connection.ForWrite(), this)));

    /// <inheritdoc />
    public override RefusalException? RefusalOf(Exception exception) => SqliteFailure.RefusalOf(exception, file);

    /// <inheritdoc />
    /// <remarks>
    /// It commits as every write does: the commit changes nothing that anybody reads, but SQLite makes it durable.
    /// </remarks>
    public override async Task CheckHealthAsync(CancellationToken cancellationToken)
    {
        if (file is { IsDamaged: true })
        {
            throw new InvalidOperationException("A page of the database is damaged.");
        }

        await ReadPageAsync(after: "", most: 1);
        await writes.RunAsync(connection => connection.Connection.RunPragmaAsync("user_version = 0"));
    }

    /// <inheritdoc />
    public override Task<IReadOnlyList<DamagedColumn>> FindDamagedColumnsAsync(CancellationToken cancellationToken) =>
        OrRefusedAsync<IReadOnlyList<DamagedColumn>>(async () =>
        {
            // Not as a query of a request: it takes as long as it takes.
            await using SqliteContext context = await contexts.CreateDbContextAsync(cancellationToken);
            return await context.Database.SqlQuery<DamagedColumn>(
                $"""
                SELECT "Id" AS "KeySetId", NULL AS "Kid", 'Revision' AS "Column" FROM "KeySets"
                    WHERE "Revision" <> "ReadableRevision"
                UNION ALL SELECT "KeySetId", "Kid", 'X5c' FROM "Keys" WHERE "X5c" <> "ReadableX5c"
                UNION ALL SELECT "KeySetId", "Kid", 'Status' FROM "Keys" WHERE "Status" <> "ReadableStatus"
                """).ToListAsync(cancellationToken);
        });

    /// <inheritdoc />
    protected override ValueTask<T> ReadKeptAsync<TSubject, T>(
        Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject) =>
        connections.RunAsync(read, subject);
}

using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Sqlite;

/// <summary>The embedded database.</summary>
/// <param name="contexts">Creates contexts.</param>
/// <param name="keptContexts">Contexts whose connections stay open.</param>
/// <param name="queries">Runs the queries of requests.</param>
/// <param name="writes">The one writer.</param>
/// <param name="logger">Tells of an upgrade.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
public sealed class SqliteDatabase(
    IDbContextFactory<SqliteContext> contexts,
    KeptContexts keptContexts,
    Queries queries,
    WriteQueue writes,
    ILogger<SqliteDatabase> logger,
    DatabaseFile? file = null) : Database
{
    /// <inheritdoc />
    public override string Location => file?.Path ?? "memory: they are gone when the service ends";

    /// <inheritdoc />
    public override Task PrepareAsync() => SqlitePreparation.PrepareAsync(contexts, file, logger);

    /// <inheritdoc />
    public override Task<T> ReadAsync<T>(
        Func<KeySetsDbContext, Task<T>> read, CancellationToken cancellationToken = default) =>
        OrRefusedAsync(() => queries.RunAsync(read, cancellationToken));

    /// <inheritdoc />
    public override Task<T> WriteAsync<T>(Func<KeySetsDbContext, Task<T>> work) => writes.RunAsync(work);

    /// <inheritdoc />
    public override Task WriteAllOrNothingAsync(Func<GroupTransaction, Task<bool>> work) =>
        writes.RunAloneAsync(context => work(new GroupTransaction(context, this)));

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

        await ReadAsync(
            context => context.Set<TrustFrameworkKeySet>().AnyAsync(cancellationToken), cancellationToken);
        await writes.RunAsync(context =>
            context.Database.ExecuteSqlAsync($"PRAGMA user_version = 0", CancellationToken.None));
    }

    /// <inheritdoc />
    public override Task<IReadOnlyList<DamagedColumn>> FindDamagedColumnsAsync(CancellationToken cancellationToken) =>
        ReadAtLengthAsync<IReadOnlyList<DamagedColumn>>(async context => await context.Database.SqlQuery<DamagedColumn>(
            $"""
            SELECT "Id" AS "KeySetId", NULL AS "Kid", 'Revision' AS "Column" FROM "KeySets"
                WHERE "Revision" <> "ReadableRevision"
            UNION ALL SELECT "KeySetId", "Kid", 'X5c' FROM "Keys" WHERE "X5c" <> "ReadableX5c"
            UNION ALL SELECT "KeySetId", "Kid", 'Status' FROM "Keys" WHERE "Status" <> "ReadableStatus"
            """).ToListAsync(cancellationToken));

    /// <inheritdoc />
    protected override ValueTask<T> ReadKeptAsync<TSubject, T>(
        Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject) =>
        keptContexts.RunAsync(read, subject);

    /// <inheritdoc />
    protected override KeySetsDbContext CreateContext() => contexts.CreateDbContext();
}

using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations.Internal;

#pragma warning disable EF1001 // The provider has no other way to leave its lock out.

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// The history of migrations without a lock of its own: the preparation holds one. The one of the provider,
/// <c>LOCK TABLE</c>, is refused by CockroachDB and YugabyteDB.
/// </summary>
/// <param name="dependencies">What EF Core needs.</param>
public sealed class UnlockedHistory(HistoryRepositoryDependencies dependencies) : NpgsqlHistoryRepository(dependencies)
{
    /// <inheritdoc />
    public override IMigrationsDatabaseLock AcquireDatabaseLock() => new NoLock(this);

    /// <inheritdoc />
    public override Task<IMigrationsDatabaseLock> AcquireDatabaseLockAsync(
        CancellationToken cancellationToken = default) =>
        Task.FromResult<IMigrationsDatabaseLock>(new NoLock(this));

    private sealed class NoLock(IHistoryRepository history) : IMigrationsDatabaseLock
    {
        public IHistoryRepository HistoryRepository => history;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

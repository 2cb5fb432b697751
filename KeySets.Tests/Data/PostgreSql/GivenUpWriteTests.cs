using KeySets.Api.Data.PostgreSql;
using KeySets.Model;
using KeySets.Tests.Support;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>
/// A statement that the server runs late, when the service has given its write up, and has perhaps run it again.
/// </summary>
public sealed class GivenUpWriteTests
{
    private static readonly Guid Write = Guid.NewGuid();

    private readonly TrustFrameworkKeySet _set = new() { Id = "late" };
    private PostgreSqlTestDatabase? _database;
    private NpgsqlConnection _connection = null!;

    [SetUp]
    public async Task CreateDatabase()
    {
        _connection = new NpgsqlConnection();
        if (!PostgreSqlTestDatabase.IsThere)
        {
            Assert.Ignore($"This needs a server in {PostgreSqlTestDatabase.Variable}.");
        }

        _database = new PostgreSqlTestDatabase();
        _connection.ConnectionString = _database.ConnectionString;
        await _connection.OpenAsync();
    }

    [TearDown]
    public async Task DropDatabase()
    {
        await _connection.DisposeAsync();
        _database?.Close();
    }

    [Test]
    public async Task Adds_no_set()
    {
        await GiveUpAsync();

        await Assert.ThatAsync(
            () => new PostgreSqlRows(_connection, Write).InsertAsync(SampleEvents.New(_set)),
            Throws.InstanceOf<PostgresException>());
        Assert.That(await FindAsync(), Is.Null);
    }

    [Test]
    public async Task Changes_and_deletes_no_set()
    {
        await new PostgreSqlRows(_connection, Guid.NewGuid()).InsertAsync(SampleEvents.New(_set));
        Guid revision = _set.Revision;
        await GiveUpAsync();
        PostgreSqlRows rows = new(_connection, Write);

        await Assert.ThatAsync(
            () => rows.ReviseAsync(_set, SampleEvents.Of(_set)), Throws.InstanceOf<PostgresException>());
        await Assert.ThatAsync(
            () => rows.DeleteAsync(_set, SampleEvents.Of(_set)), Throws.InstanceOf<PostgresException>());
        Assert.That((await FindAsync())?.Revision, Is.EqualTo(revision));
    }

    [Test]
    public async Task Of_a_write_that_was_not_given_up_all_changes_are_made()
    {
        PostgreSqlRows rows = new(_connection, Write);
        await rows.InsertAsync(SampleEvents.New(_set));
        await rows.ReviseAsync(_set, SampleEvents.Of(_set));
        await rows.DeleteAsync(_set, SampleEvents.Of(_set));
        await rows.InsertAsync(SampleEvents.New(_set));

        Assert.That((await FindAsync())?.Revision, Is.EqualTo(_set.Revision));
    }

    private ValueTask<TrustFrameworkKeySet?> FindAsync() => new PostgreSqlRows(_connection, Write).FindAsync(_set.Id);

    private async Task GiveUpAsync()
    {
        await using NpgsqlCommand command = new(
            """INSERT INTO "Writes" ("KeySetId", "Id", "IsCommitted", "At") VALUES ('late', $1, FALSE, now())""",
            _connection);
        command.Parameters.AddWithValue(Write);
        await command.ExecuteNonQueryAsync();
    }
}

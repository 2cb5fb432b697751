using System.Net;
using KeySets.Api.Data.PostgreSql;
using KeySets.Model;
using KeySets.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>Creates that wait while another one is committed, and share the next commit.</summary>
[OnPostgreSql]
public sealed class SharedCreateTests : ApiTests
{
    private const string Holder = "holder";

    private NpgsqlDataSource _database = null!;

    private InsertQueue Queue => Application.Services.GetRequiredService<InsertQueue>();

    [OneTimeSetUp]
    public void Connect() =>
        _database = NpgsqlDataSource.Create(PostgreSqlTestDatabase.Of(Application).ConnectionString);

    [OneTimeTearDown]
    public async Task Disconnect() => await _database.DisposeAsync();

    [Test]
    public async Task Leave_a_record_that_names_all_that_have_shared_a_commit()
    {
        await Task.WhenAll(await WhileHeldAsync(
            [.. Enumerable.Range(0, 10).Select(number => new TrustFrameworkKeySet { Id = $"shared-{number}" })]));

        Assert.That(await Application.CountKeySetsAsync("shared-"), Is.EqualTo(10));
        // The spare writers can begin at the same time, and take some of them each.
        Assert.That(
            await ReadAsync(
                """
                SELECT array_agg(id) FROM "Writes", unnest("Added") AS id WHERE "KeySetId" LIKE 'shared-%'
                """),
            Is.EquivalentTo((string[])["shared-0", "shared-1", "shared-2", "shared-3", "shared-4", "shared-5",
                "shared-6", "shared-7", "shared-8", "shared-9"]));
        Assert.That(
            await ReadAsync(
                """SELECT array_agg("KeySetId") FROM "Writes" WHERE "KeySetId" LIKE 'shared-%'"""),
            Has.Length.AtMost(4), "there are no more writers");
    }

    [Test]
    public async Task Add_the_first_of_two_sets_with_one_id_and_no_other_that_is_there()
    {
        await Queue.InsertAsync(SampleEvents.New(new TrustFrameworkKeySet { Id = "known" }));
        TrustFrameworkKeySet first = WithKey("twice", "first");

        Task<bool>[] inserts = await WhileHeldAsync(
            [first, new() { Id = "known" }, WithKey("twice", "second"), WithKey("once", "only")]);

        Assert.That(await Task.WhenAll(inserts), Is.EqualTo([true, false, false, true]));
        using HttpResponseMessage answer = await Writer.GetAsync("/trustFramework/keySets('twice')/keys");
        Assert.That((string?)(await answer.JsonAsync())["value"]![0]!["kid"], Is.EqualTo("first"));
        Assert.That((await answer.JsonAsync())["value"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fail_alone_if_they_are_at_fault()
    {
        // No text of PostgreSQL has a character zero.
        Task<bool>[] inserts = await WhileHeldAsync(
            [new() { Id = "good-1" }, new() { Id = "bad-\0" }, new() { Id = "good-2" }]);

        Assert.That(await Task.WhenAll(inserts[0], inserts[2]), Is.All.True);
        await Assert.ThatAsync(() => inserts[1], Throws.InstanceOf<PostgresException>());
        Assert.That(await Application.CountKeySetsAsync("good-"), Is.EqualTo(2));
    }

    [Test]
    public async Task Go_on_behind_one_whose_id_another_transaction_holds()
    {
        await using NpgsqlConnection other = await _database.OpenConnectionAsync();
        await using NpgsqlTransaction holds = await other.BeginTransactionAsync();
        await ExecuteAsync(
            other, """INSERT INTO "KeySets" ("Id", "Revision") VALUES ('contested', gen_random_uuid())""");
        Task<HttpResponseMessage> contested = CreateAsync("contested");
        while (await WaitingAsync() == 0)
        {
            await Task.Delay(10);
        }

        HttpResponseMessage[] others =
            await Task.WhenAll(Enumerable.Range(0, 20).Select(number => CreateAsync($"behind-{number}")));

        Assert.That(others.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(contested.IsCompleted, Is.False, "it still waits");
        await holds.RollbackAsync();
        Assert.That((await contested).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    private static TrustFrameworkKeySet WithKey(string id, string kid) =>
        new() { Id = id, Keys = { new TrustFrameworkKey { Kid = kid, Kty = "x" } } };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private Task<HttpResponseMessage> CreateAsync(string id) =>
        Writer.CreateAsync($$"""{"id":"{{id}}"}""");

    /// <summary>Inserts sets together, while another insert is held up.</summary>
    private async Task<Task<bool>[]> WhileHeldAsync(TrustFrameworkKeySet[] sets)
    {
        await using NpgsqlConnection other = await _database.OpenConnectionAsync();
        await using NpgsqlTransaction holds = await other.BeginTransactionAsync();
        await ExecuteAsync(other, """LOCK TABLE "KeySets" IN EXCLUSIVE MODE""");
        Task<bool> held =
            Queue.InsertAsync(SampleEvents.New(new TrustFrameworkKeySet { Id = $"{Holder}-{Guid.NewGuid()}" }));
        while (await WaitingAsync() == 0)
        {
            await Task.Delay(10);
        }

        Task<bool>[] inserts = [.. sets.Select(set => Queue.InsertAsync(SampleEvents.New(set)))];
        while (await WaitingAsync() == 1)
        {
            await Task.Delay(10);
        }

        await holds.RollbackAsync();
        Assert.That(await held, Is.True);
        return inserts;
    }

    /// <returns>How many sessions wait for a lock.</returns>
    private async Task<long> WaitingAsync()
    {
        await using NpgsqlCommand command = _database.CreateCommand(
            """
            SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<string[]> ReadAsync(string sql)
    {
#pragma warning disable CA2100 // The texts are constants.
        await using NpgsqlCommand command = _database.CreateCommand(sql);
#pragma warning restore CA2100
        return (string[])(await command.ExecuteScalarAsync())!;
    }
}

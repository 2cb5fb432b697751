using System.Net;
using KeySets.Tests.Support;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>Statements that the server ends, since they take longer than <c>Database:LongestQuerySeconds</c>.</summary>
[OnPostgreSql]
public sealed class SlowStatementTests() : ApiTests(new KeySetsApplication(("Database:LongestQuerySeconds", "1")))
{
    private NpgsqlConnection _other = null!;
    private NpgsqlTransaction _holds = null!;

    [OneTimeSetUp]
    public async Task LockTables()
    {
        await Writer.CreateAsync("""{"id":"known"}""");
        _other = new NpgsqlConnection(PostgreSqlTestDatabase.Of(Application).ConnectionString);
        await _other.OpenAsync();
        _holds = await _other.BeginTransactionAsync();
        await using NpgsqlCommand command = new("""LOCK TABLE "KeySets" IN ACCESS EXCLUSIVE MODE""", _other);
        await command.ExecuteNonQueryAsync();
    }

    [OneTimeTearDown]
    public async Task UnlockTables()
    {
        await _holds.DisposeAsync();
        await _other.DisposeAsync();
    }

    [TestCase("GET", "?$filter=startswith(id,'k')", "after 1 s,", TestName = "A_query_names_its_limit")]
    [TestCase("GET", "('known')", "The database is busy.", TestName = "A_read_by_id_finds_the_database_busy")]
    [TestCase("POST", "", "The database is busy.", TestName = "A_create_finds_the_database_busy")]
    [TestCase("DELETE", "('known')", "The database is busy.", TestName = "A_change_finds_the_database_busy")]
    public async Task Are_refused(string method, string path, string message)
    {
        HttpResponseMessage answer = await Writer.SendAsync(
            new HttpMethod(method),
            $"/trustFramework/keySets{path}",
            method == "POST" ? new StringContent("""{"id":"new"}""", null, "application/json") : null);

        await answer.AssertErrorAsync(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable");
        Assert.That((string?)(await answer.JsonAsync())["error"]!["message"], Does.Contain(message));
        Assert.That(answer.Header("Retry-After"), Is.Not.Null);
    }
}

using System.Net;
using System.Net.Http.Headers;
using KeySets.Api.Data.Sqlite;
using KeySets.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>
/// How SQLite runs the common queries: it finds sets and keys in an index, so that a query takes as long among a
/// million sets as among a thousand.
/// </summary>
/// <param name="hasStatistics">
/// Whether the database has statistics (https://www.sqlite.org/lang_analyze.html), by which SQLite plans otherwise. The
/// service makes none, but an operator may.
/// </param>
[TestFixture(false)]
[TestFixture(true)]
public sealed class QueryPlanTests(bool hasStatistics)
{
    private const string WalkOfIds = "SCAN k USING INDEX sqlite_autoindex_KeySets_1";
    private const string Kid = "keys/any(k:k/kid eq 'k')";

    private readonly SqliteStatements _statements = new();
    private readonly KeySetsApplication _application = new();
    private WebApplicationFactory<Program> _watched = null!;
    private HttpClient _client = null!;

    private string ConnectionString => SqliteTestDatabase.Of(_application).ConnectionString;

    [OneTimeSetUp]
    public async Task Start()
    {
        _watched = _statements.Watch(_application);
        _client = _watched.CreateClient();
        _client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", _application.Issuer.CreateToken(KeySetsApplication.ReadWrite));
        foreach (string id in (string[])["a", "b", "c", "d"])
        {
            HttpResponseMessage created =
                await _client.CreateAsync($$"""{"id":"{{id}}","keys":[{"kty":"oct","kid":"k","k":"bGFzdA"}]}""");
            Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        }

        if (hasStatistics)
        {
            await AddStatisticsAsync();
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _watched.DisposeAsync();
        await _application.DisposeAsync();
    }

    [TestCase("('b')/keys?$orderby=kid", 1)]
    [TestCase("('b')/keys_v2('k')", 1)]
    [TestCase("?$filter=id eq 'b'", 1)]
    [TestCase("?$filter=id in ('a','b')", 2)]
    [TestCase("?$filter=id gt 'a' and id lt 'd'", 2)]
    [TestCase("?$filter=id ge 'b'", 3)]
    [TestCase("?$filter=startswith(id,'b')", 1)]
    [TestCase("?$filter=startswith(id,'b')&$orderby=id desc", 1)]
    [TestCase("?$filter=" + Kid, 4)]
    [TestCase("?$filter=keys_v2/any(k:k/kid eq 'k')", 4)]
    [TestCase("?$filter=" + Kid + "&$orderby=id desc", 4)]
    [TestCase("?$filter=" + Kid + "&$count=true", 4)]
    [TestCase("?$filter=" + Kid + " and id gt 'a'", 3)]
    [TestCase("?$filter=contains(id,'b') and " + Kid, 1)]
    [TestCase("?$filter=keys/any(k:k/kid in ('k','other'))", 4)]
    [TestCase("?$filter=keys/any(k:k/kid eq 'k' or k/kid eq 'other')", 4)]
    [TestCase("?$filter=keys/any(k:k/kid eq 'k' and k/use eq null and contains(k/kty,'o'))", 4)]
    [TestCase("?$filter=keys/any(k:startswith(k/kid,'k'))", 4)]
    public async Task Finds_all_rows_by_an_index(string query, int found)
    {
        string body = await GetAsync($"{HttpExtensions.KeySets}{query}");
        IReadOnlyList<string> plan = await _statements.ExplainAsync(ConnectionString);

        Assert.That(body.Split("\"kid\"").Length - 1, Is.EqualTo(found), body);
        Assert.That(plan, Has.Some.StartsWith("SEARCH"));
        Assert.That(plan, Has.None.StartsWith("SCAN"), string.Join('\n', plan));
    }

    [TestCase("?$filter=" + Kid + " or id eq 'b'", 4)]
    [TestCase("?$filter=" + Kid + " or keys/any(k:k/kid eq 'other')", 4)]
    public async Task Finds_the_rows_of_alternatives_by_an_index(string query, int found)
    {
        Assume.That(hasStatistics, Is.False, "with statistics SQLite walks the index of ids, in order of the page");
        await Finds_all_rows_by_an_index(query, found);
    }

    [TestCase("?$orderby=id desc", "(Id<?)")]
    [TestCase("?$filter=id gt 'a' and id lt 'e'", "(Id>? AND Id<?)")]
    [TestCase("?$filter=id gt 'a' and id lt 'e'&$orderby=id desc", "(Id>? AND Id<?)")]
    [TestCase("?$filter=startswith(id,'b') or startswith(id,'c') or startswith(id,'d')", "(Id>?)")]
    [TestCase("?$filter=" + Kid, "(Kid=? AND KeySetId>?)")]
    [TestCase("?$filter=" + Kid + "&$orderby=id desc", "(Kid=? AND KeySetId<?)")]
    public async Task Begins_a_further_page_where_the_last_one_ended(string query, string search)
    {
        string url = $"{HttpExtensions.KeySets}{query}";
        string next = (string)(await (await _client.GetAsync(url, ("Prefer", "maxpagesize=2"))).JsonAsync())
            ["@odata.nextLink"]!;
        await GetAsync(next);
        IReadOnlyList<string> plan = await _statements.ExplainAsync(ConnectionString);

        Assert.That(plan, Has.Some.EndsWith(search), string.Join('\n', plan));
        Assert.That(plan, Has.None.StartsWith("SCAN"), string.Join('\n', plan));
        // A plan does not say which of two lower bounds SQLite begins at: it is the first one.
        Assert.That(_statements.Sql.Single(), Does.Match("""(WHERE "k"."Id"|AND "k0"."KeySetId") [<>] @Value\b"""));
    }

    [TestCase("?$orderby=id desc")]
    [TestCase("?$select=id")]
    [TestCase("?$expand=keys_v2($filter=kid eq 'k')")]
    public async Task Walks_the_index_of_ids_to_the_end_of_the_page(string query)
    {
        await GetAsync($"{HttpExtensions.KeySets}{query}");
        IReadOnlyList<string> plan = await _statements.ExplainAsync(ConnectionString);

        Assert.That(plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal)), Is.EqualTo([WalkOfIds]));
        Assert.That(plan, Has.None.EqualTo("USE TEMP B-TREE FOR ORDER BY"), "the index has the order of the page");
    }

    [TestCase("?$orderby=id desc")]
    [TestCase("('b')/keys_v2('k')")]
    [TestCase("?$filter=" + Kid)]
    [TestCase("?$expand=keys_v2($filter=kid eq 'k')")]
    public async Task Reads_no_column_that_is_only_written(string query)
    {
        await GetAsync($"{HttpExtensions.KeySets}{query}");

        string sql = _statements.Sql.Single();
        Assert.That(sql, Does.Contain("\"ReadableRevision\"").And.Contain("\"ReadableX5c\""));
        Assert.That(sql, Does.Not.Contain("SealedMembers").And.Not.Match("\"k0?\".\"(Revision|X5c|Status)\""));
    }

    [TestCase("/$count", 1)]
    [TestCase("?$orderby=keys/$count", 1)]
    [TestCase("?$orderby=keys/$count desc,id desc", 1)]
    public async Task Reads_each_id_once_to_count_and_to_order_by_what_it_computes(string query, int scans)
    {
        await GetAsync($"{HttpExtensions.KeySets}{query}");
        IReadOnlyList<string> plan = await _statements.ExplainAsync(ConnectionString);

        string[] walks = [.. plan.Where(step => step.StartsWith("SCAN", StringComparison.Ordinal))];
        Assert.That(walks, Has.Length.EqualTo(scans), string.Join('\n', plan));
        Assert.That(walks, Has.All.Contains("USING COVERING INDEX sqlite_autoindex_KeySets_1"));
    }

    [Test]
    public async Task Finds_a_set_and_a_plain_page_by_the_indexes_and_sorts_nothing()
    {
        foreach (string sql in (string[])[SqliteSelect.Default.One, SqliteSelect.Default.After])
        {
            _statements.Clear();
            _statements.Add(sql, "b");

            IReadOnlyList<string> plan = await _statements.ExplainAsync(ConnectionString);

            Assert.That(plan, Has.Count.EqualTo(2).And.All.StartsWith("SEARCH"), string.Join('\n', plan));
            Assert.That(sql, Does.Contain("\"ReadableX5c\"").And.Contain("\"ReadableStatus\""));
            Assert.That(sql, Does.Not.Contain("SealedMembers").And.Not.Match("[ks]\\.\"(X5c|Status)\""));
        }
    }

    private async Task<string> GetAsync(string url)
    {
        _statements.Clear();
        HttpResponseMessage answer = await _client.GetAsync(url);
        string body = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        return body;
    }

    private async Task AddStatisticsAsync()
    {
        await using SqliteConnection connection = new(ConnectionString);
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            """
            ANALYZE;
            DELETE FROM sqlite_stat1;
            INSERT INTO sqlite_stat1 VALUES
                ('KeySets', 'sqlite_autoindex_KeySets_1', '1000000 1'),
                ('Keys', 'sqlite_autoindex_Keys_1', '1300000 2 1'),
                ('Keys', 'IX_Keys_KeySetId_Kid', '1300000 2 1'),
                ('Keys', 'IX_Keys_Kid_KeySetId', '1300000 1 1');
            """;
        await command.ExecuteNonQueryAsync();
    }
}

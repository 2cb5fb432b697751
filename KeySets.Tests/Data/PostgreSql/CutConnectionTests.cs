using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;
using Npgsql;

namespace KeySets.Tests.Data.PostgreSql;

/// <summary>
/// Connections to the server that break while it works for a write: before it has got a statement, and after it has run
/// it but before its answer arrives. Each write is done once, whichever statement it was.
/// </summary>
[OnPostgreSql]
public sealed class CutConnectionTests
{
    private const int MostStatements = 8;

    private PostgreSqlTestDatabase _database = null!;
    private CuttingProxy _proxy = null!;
    private KeySetsApplication _application = null!;
    private HttpClient _writer = null!;

    private static IEnumerable<TestCaseData> Writes =>
    [
        new("POST", "", """{"id":"new","keys":[{"kty":"oct","kid":"a","k":"bGFzdA"}]}""", 201) { TestName = "Create" },
        new("PUT", "('new')", """{"keys":[{"kty":"oct","kid":"a","k":"bGFzdA"}]}""", 201)
        {
            TestName = "Create_by_PUT",
        },
        new("PUT", "('old')", """{"keys":[{"kty":"x","kid":"b"}]}""", 200) { TestName = "Replace" },
        new("POST", "('old')/keys", """{"kty":"x","kid":"b"}""", 200) { TestName = "Append" },
        new("PATCH", "('old')/keys_v2('a')", """{"status":"disabled"}""", 204) { TestName = "Disable" },
        new("DELETE", "('old')/keys_v2('a')", null, 204) { TestName = "Remove_a_key" },
        new("DELETE", "('old')", null, 204) { TestName = "Delete" },
    ];

    [OneTimeSetUp]
    public void Start()
    {
        _application = new KeySetsApplication();
        _database = PostgreSqlTestDatabase.Of(_application);
        NpgsqlConnectionStringBuilder direct = new(_database.ConnectionString);
        _proxy = new CuttingProxy(direct.Host!, direct.Port);
        _application.Override("ConnectionStrings:KeySets", new NpgsqlConnectionStringBuilder(_database.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = _proxy.Port,
        }.ConnectionString);
        _writer = _application.Writer;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _writer.Dispose();
        await _application.DisposeAsync();
        _proxy.Dispose();
    }

    [TestCaseSource(nameof(Writes))]
    public async Task Do_a_write_once(string method, string path, string? body, int status)
    {
        JsonNode? expected = null;
        int cuts = _proxy.Cuts;
        for (int request = 0; request <= MostStatements; request++)
        {
            foreach (bool beforeServer in (bool[])[true, false])
            {
                await _writer.DeleteAsync("/trustFramework/keySets('new')");
                await _writer.PutAsync(
                    "/trustFramework/keySets('old')", Json("""{"keys":[{"kty":"oct","kid":"a","k":"bGFzdA"}]}"""));
                _proxy.Cut(request, beforeServer);
                HttpResponseMessage answer = await _writer.SendAsync(
                    new HttpMethod(method), $"/trustFramework/keySets{path}", body is null ? null : Json(body));
                _proxy.Cut(0, beforeServer);

                string name = $"request {request}, {(beforeServer ? "before" : "after")} the server got it";
                Assert.That((int)answer.StatusCode, Is.EqualTo(status), name);
                JsonNode stored = await StoredAsync();
                expected ??= stored.DeepClone();
                Assert.That(stored.ToJsonString(), Is.EqualTo(expected.ToJsonString()), name);
            }
        }

        Assert.That(_proxy.Cuts - cuts, Is.AtLeast(2), "connections were cut");
    }

    [Test]
    public async Task Keep_a_change_set_whole_and_carry_a_repeatable_one_out_once()
    {
        int[] outcomes = new int[2];
        for (int request = 0; request <= 2 * MostStatements; request++)
        {
            foreach (bool beforeServer in (bool[])[true, false])
            {
                string id = $"pair-{request}-{beforeServer}";
                (string, string)[] headers = NewHeaders();
                _proxy.Cut(request, beforeServer);
                int[] statuses = await PairAsync(id, headers);
                _proxy.Cut(0, beforeServer);

                string name = $"request {request}, {(beforeServer ? "before" : "after")} the server got it";
                Assert.That(statuses, Is.AnyOf((int[])[201, 201], (int[])[503, 424], (int[])[424, 503]), name);
                Assert.That(
                    await _application.CountKeySetsAsync(id), Is.EqualTo(statuses[0] == 201 ? 2 : 0), $"{name}: whole");
                outcomes[statuses[0] == 201 ? 0 : 1]++;
                Assert.That(await PairAsync(id, headers), Is.EqualTo([201, 201]), $"{name}: again");
                Assert.That(await _application.CountKeySetsAsync(id), Is.EqualTo(2), $"{name}: once");
            }
        }

        Assert.That(outcomes, Has.All.Positive, "some were undone, and some were not");
    }

    [Test]
    public async Task Tell_creates_that_share_a_commit_apart()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(_database.ConnectionString);
        await _writer.PutAsync("/trustFramework/keySets('old')", Json("""{"keys":[]}"""));
        int cuts = _proxy.Cuts;
        for (int request = 1; request <= MostStatements; request++)
        {
            foreach (bool beforeServer in (bool[])[true, false])
            {
                string[] ids = [$"cut-{request}-{beforeServer}-1", "old", $"cut-{request}-{beforeServer}-2", "old"];
                await using (NpgsqlConnection other = await database.OpenConnectionAsync())
                {
                    await using NpgsqlTransaction holds = await other.BeginTransactionAsync();
                    await using NpgsqlCommand hold = new("""LOCK TABLE "KeySets" IN EXCLUSIVE MODE""", other);
                    await hold.ExecuteNonQueryAsync();
                    _proxy.Cut(request, beforeServer);
                    Task<HttpResponseMessage>[] creates = [.. ids.Select(id =>
                        _writer.PostAsync("/trustFramework/keySets", Json($$"""{"id":"{{id}}"}""")))];
                    // Long enough for those behind the first one to go together.
                    await Task.Delay(200);
                    await holds.RollbackAsync();

                    HttpResponseMessage[] answers = await Task.WhenAll(creates);
                    Assert.That(
                        answers.Select(answer => (int)answer.StatusCode),
                        Is.EqualTo([201, 409, 201, 409]),
                        $"request {request}, {(beforeServer ? "before" : "after")} the server got it");
                }

                _proxy.Cut(0, beforeServer);
                Assert.That(await _application.CountKeySetsAsync($"cut-{request}-{beforeServer}-"), Is.EqualTo(2));
            }
        }

        Assert.That(_proxy.Cuts - cuts, Is.AtLeast(2), "connections were cut");
    }

    [Test]
    public async Task Leave_an_outcome_unknown_while_no_server_answers_and_a_repeated_request_settles_it()
    {
        (string, string)[] headers = NewHeaders();

        _proxy.CutCommit();
        HttpResponseMessage unknown = await CreateAsync("unknown", headers);
        _proxy.Cut(0, beforeServer: false);

        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((string?)(await unknown.JsonAsync())["error"]!["message"], Does.Contain("cannot be told"));
        Assert.That(await _application.CountKeySetsAsync("unknown"), Is.EqualTo(1), "it was stored");
        Assert.That((await CreateAsync("unknown", headers)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await CreateAsync("unknown", [])).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
    }

    private static (string Name, string Value)[] NewHeaders() =>
    [
        ("Repeatability-Request-ID", Guid.NewGuid().ToString()),
        ("Repeatability-First-Sent", DateTimeOffset.UtcNow.ToString("r")),
    ];

    private Task<HttpResponseMessage> CreateAsync(string id, (string, string)[] headers) =>
        _writer.CreateAsync($$"""{"id":"{{id}}"}""", headers);

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    /// <summary>Sends a change set that creates two sets.</summary>
    /// <returns>The statuses of its requests.</returns>
    private async Task<int[]> PairAsync(string id, (string Name, string Value)[] headers)
    {
        JsonObject[] requests = [.. ((string[])["a", "b"]).Select(letter =>
        {
            JsonObject create =
                Batches.Request(letter, "POST", "trustFramework/keySets", $$"""{"id":"{{id}}-{{letter}}"}""", "g");
            foreach ((string name, string value) in headers)
            {
                create["headers"]![name] = value;
            }

            return create;
        })];
        return [.. (await _writer.BatchAsync("", requests)).Values.Select(answer => (int)answer["status"]!)];
    }

    /// <returns>All sets, without their entity tags.</returns>
    private async Task<JsonNode> StoredAsync()
    {
        HttpResponseMessage answer = await _writer.GetAsync(
            "/trustFramework/keySets?$expand=keys_v2", ("Accept", "application/json;metadata=none"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return (await answer.JsonAsync())["value"]!;
    }
}

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
        new("PUT", "('new')", """{"keys":[{"kty":"oct","kid":"a","k":"bGFzdA"}]}""", 201) { TestName = "Create_by_PUT" },
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

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");

    /// <returns>All sets, without their entity tags.</returns>
    private async Task<JsonNode> StoredAsync()
    {
        HttpResponseMessage answer =
            await _writer.GetAsync("/trustFramework/keySets?$expand=keys_v2", ("Accept", "application/json;metadata=none"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return (await answer.JsonAsync())["value"]!;
    }
}

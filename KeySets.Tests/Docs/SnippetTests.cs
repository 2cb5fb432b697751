using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Model;
using KeySets.Tests.Support;

namespace KeySets.Tests.Docs;

/// <summary>
/// The snippets of README and of <c>docs</c>: commands are pasted into a shell, requests are sent, code is compiled.
/// </summary>
public sealed class SnippetTests : ProcessTests
{
    private KeySetsProcess? _service;
    private HttpClient? _client;

    [TearDown]
    public void Stop()
    {
        _client?.Dispose();
        _service?.Dispose();
        (_client, _service) = (null, null);
    }

    [Test]
    public void Are_all_run_by_a_test() => Assert.That(
        Documents.Snippets
            .Where(snippet => snippet.Language.Length > 0)
            .Select(snippet => $"{snippet.File}, {snippet.Section}: {snippet.Language}"),
        Is.EqualTo([
            "README.md, Run: sh",
            "README.md, Test: sh",
            "README.md, A first key set: sh",
            "README.md, A first key set: http",
            "README.md, Three ways to use it: sh",
            "docs/api.md, Query options: http",
            "docs/api.md, Changes: sh",
            "docs/api.md, Batches: sh",
            "docs/api.md, Audit events: json",
            "docs/api.md, A signing key and its rollover: sh",
            "docs/api.md, A signing key and its rollover: sh",
            "docs/api.md, Errors: json",
            "docs/operating.md, In production: sh",
            "docs/testing.md, In process: csharp",
            "docs/testing.md, As a process: sh",
        ]));

    [Test]
    public async Task Run_the_service_by_the_first_command()
    {
        Shell.Require();
        await StartAsync($"{Documents.Text(Documents.Readme, "Run", "sh").Trim()} -- --urls http://127.0.0.1:0 --contentRoot {Folder.FullPath}");

        Assert.That(
            (await _client!.CreateAsync(Documentation.CreateRequest)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(File.Exists(Path.Combine(Folder.FullPath, "App_Data", "keysets.db")), Is.True);
    }

    [Test]
    public void Name_the_command_that_a_change_must_pass()
    {
        string[] commands = File.ReadAllLines(Path.Combine(Documents.Folder, ".ci", "run"));

        Assert.That(commands, Has.Some.StartsWith($"{Documents.Text(Documents.Readme, "Test", "sh").Trim()} "));
    }

    [Test]
    public async Task Show_the_answer_to_the_first_request()
    {
        await StartInMemoryAsync();
        string[] shown = Documents.Text(Documents.Readme, "A first key set", "http").Split("\n\n", 2);

        string commands = Documents.Commands(Documents.Readme, "A first key set", _client!.BaseAddress!);
        string[] answer = (await Shell.RunAsync(commands)).ReplaceLineEndings("\n").Split("\n\n", 2);

        Assert.That(answer[0].Split('\n')[0], Is.EqualTo(shown[0].Split('\n')[0]));
        Assert.That(Headers(answer[0]), Is.EquivalentTo(Headers(shown[0]).Append("Date")));
        Assert.That(Comparable(answer[1]), Is.EqualTo(Comparable(shown[1])));
    }

    [Test]
    public async Task Show_an_audit_event()
    {
        await using KeySetsStandIn service = new();
        await service.ClientWith(Permissions.ReadWrite).CreateAsync("{}");
        JsonObject page =
            await (await service.ClientWith(Permissions.ReadAudit).GetAsync("/trustFramework/auditEvents")).JsonAsync();

        JsonObject shown = JsonNode.Parse(Documents.Text(Documents.Api, "Audit events", "json"))!.AsObject();

        Assert.That(
            shown.Select(member => member.Key),
            Is.EqualTo(page["value"]!.AsArray().Single()!.AsObject().Select(member => member.Key)));
    }

    [Test]
    public async Task Show_a_rollover_that_works_as_it_is_written()
    {
        await StartInMemoryAsync();
        // Five seconds instead of two hours, and the time that passes before the new key is active.
        string script = Documents.Commands(Documents.Api, "A signing key and its rollover", _client!.BaseAddress!)
            .Replace("+ 7200", "+ 5", StringComparison.Ordinal)
            .Replace("# 4.", "sleep 6\n# 4.", StringComparison.Ordinal);

        JsonObject[] answers = [.. (await Shell.RunAsync(
            $"TOKEN={Token}\n{script}\ncurl \"$set/jwks\"; echo \"{{\\\"kid\\\":\\\"$old\\\"}}\"\n"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(answer => JsonNode.Parse(answer)!.AsObject())];

        // The set, its first key, the next one, both published, the active one, and what is published in the end; then
        // $old.
        Assert.That(answers, Has.Length.EqualTo(7));
        string first = (string)answers[1]["kid"]!;
        string next = (string)answers[2]["kid"]!;
        Assert.That(answers[3]["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo([first, next]));
        Assert.That((string?)answers[4]["kid"], Is.EqualTo(next));
        Assert.That(answers[5]["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo([next]));
        Assert.That((string?)answers[6]["kid"], Is.EqualTo(first));
    }

    [Test]
    public async Task Show_a_query_a_change_and_a_batch_that_work()
    {
        await StartInMemoryAsync();
        string modulus = (string)SampleKeys.PublicRsa()["n"]!;
        await _client!.CreateAsync(
            $$"""{"id":"SigningKeys","keys":[{"kty":"RSA","use":"sig","e":"AQAB","n":"{{modulus}}","exp":1}]}""");
        string query = Documents.Text(Documents.Api, "Query options", "http").Trim()["GET ".Length..];
        string commands = string.Concat(
            Documents.Commands(Documents.Api, "Changes", _client!.BaseAddress!),
            Documents.Commands(Documents.Api, "Batches", _client!.BaseAddress!));

        JsonObject found = await (await _client!.GetAsync(query)).JsonAsync();
        string changed = await Shell.RunAsync($"TOKEN={Token}\n" + commands);

        Assert.That(found["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["SigningKeys"]));
        Assert.That(changed, Does.Contain("\"keys\":[]").And.Contain("HTTP/1.1 200 OK"));
        JsonNode batch = JsonNode.Parse(changed[changed.IndexOf("{\"responses\"", StringComparison.Ordinal)..])!;
        Assert.That(batch["responses"]!.AsArray().Select(part => (int)part!["status"]!), Is.EqualTo([201, 200, 200]));
    }

    [Test]
    public async Task Show_an_error_as_the_service_answers_it()
    {
        await StartInMemoryAsync();
        JsonObject shown = JsonNode.Parse(Documents.Text(Documents.Api, "Errors", "json"))!.AsObject();
        await _client!.CreateAsync("""{"id":"x"}""");

        JsonObject error = await (await _client!.CreateAsync("""{"id":"x"}""")).JsonAsync();

        Assert.That(shown["error"]!["innererror"]!.AsObject().Select(
            member => member.Key), Is.EqualTo(error["error"]!["innererror"]!.AsObject().Select(member => member.Key)));
        error["error"]!["innererror"] = shown["error"]!["innererror"]!.DeepClone();
        Assert.That(error.ToJsonString(), Is.EqualTo(shown.ToJsonString()));
    }

    [Test]
    public void Show_the_code_that_the_tests_of_the_stand_in_run()
    {
        string file = File.ReadAllText(Path.Combine(Documents.Folder, "KeySets.Tests", "Support", "KeySetsStandIn.cs"))
            .ReplaceLineEndings("\n");
        string code = Regex.Replace(file, "(namespace [^\n]*\n\n)|(/// [^\n]*\n)", "");

        Assert.That(Documents.Text(Documents.Testing, "In process", "csharp"), Is.EqualTo(code));
    }

    [Test]
    public void Start_the_stand_in_by_the_same_command_wherever_they_show_it() => Assert.That(
        Documents.Text(Documents.Readme, "Three ways to use it", "sh"),
        Is.EqualTo(Documents.Text(Documents.Testing, "As a process", "sh")));

    [Test]
    public void Stand_in_documents_whose_links_lead_somewhere()
    {
        IEnumerable<string> broken =
            from file in Documents.All
            from Match link in Regex.Matches(Documents.Read(file), @"\]\((?<target>[^)#:\s]+)(#[^)]*)?\)")
            let target = Path.Combine(Documents.Folder, Path.GetDirectoryName(file)!, link.Groups["target"].Value)
            where !Path.Exists(target)
            select $"{file}: {link.Value}";

        Assert.That(broken, Is.Empty);
    }

    [Test]
    public async Task Run_the_service_in_memory_for_the_tests_of_others()
    {
        Shell.Require();
        await StartAsync(
            $"{Documents.Text(Documents.Testing, "As a process", "sh").Trim()} --contentRoot {Folder.FullPath}");

        Assert.That((await _client!.CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(
            _service!.Output, Does.Contain($"Now listening on: {_client!.BaseAddress!.AbsoluteUri.TrimEnd('/')}"));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder.FullPath), Is.Empty);
    }

    private string Token => _client!.DefaultRequestHeaders.Authorization!.Parameter!;

    private static IEnumerable<string> Headers(string head) =>
        head.Split('\n').Skip(1).Select(line => line.Split(':')[0]);

    /// <summary>An answer without what differs each time: the address and the ETag.</summary>
    private static string Comparable(string json)
    {
        JsonObject set = JsonNode.Parse(json)!.AsObject();
        set["@odata.context"] = new Uri((string)set["@odata.context"]!).Fragment;
        set["@odata.etag"] = ((string)set["@odata.etag"]!).Length;
        set["keys"]![0]!["kid"] = ((string)set["keys"]![0]!["kid"]!).Length;
        return set.ToJsonString();
    }

    private Task StartInMemoryAsync()
    {
        Shell.Require();
        _service =
            new KeySetsProcess(Folder.FullPath, "Development", ["--ConnectionStrings:KeySets=Data Source=:memory:"]);
        return ConnectAsync();
    }

    private Task StartAsync(string command)
    {
        _service = KeySetsProcess.ByCommand(Documents.Folder, command);
        return ConnectAsync();
    }

    private async Task ConnectAsync() => _client = await _service!.ClientAsync();
}

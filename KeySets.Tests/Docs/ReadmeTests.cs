using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Tests.Support;

namespace KeySets.Tests.Docs;

/// <summary>What README shows: its commands pasted into a shell, its requests sent, its code compiled.</summary>
public sealed class ReadmeTests : ProcessTests
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
    public void Shows_nothing_that_no_test_runs() => Assert.That(
        Readme.Blocks.Where(block => block.Language.Length > 0).Select(block => $"{block.Section}: {block.Language}"),
        Is.EqualTo([
            "Run: sh",
            "Test: sh",
            "A first key set: sh",
            "A first key set: http",
            "In your tests: csharp",
            "In your tests: sh",
            "A signing key and its rollover: sh",
            "A signing key and its rollover: sh",
            "What it does: http",
            "What it does: sh",
            "What it does: sh",
            "Errors: json",
            "In production: sh",
        ]));

    [Test]
    public async Task Runs_the_service_by_its_first_command()
    {
        Shell.Require();
        await StartAsync($"{Readme.Text("Run", "sh").Trim()} -- --urls http://127.0.0.1:0 --contentRoot {Folder.FullPath}");

        Assert.That((await _client!.CreateAsync(Documentation.CreateRequest)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(File.Exists(Path.Combine(Folder.FullPath, "App_Data", "keysets.db")), Is.True);
    }

    [Test]
    public void Is_what_a_change_must_pass()
    {
        string[] commands = File.ReadAllLines(Path.Combine(Readme.Folder, ".ci", "run"));

        Assert.That(commands, Has.Some.StartsWith($"{Readme.Text("Test", "sh").Trim()} "));
    }

    [Test]
    public async Task Shows_the_answer_to_its_first_request()
    {
        await StartInMemoryAsync();
        string[] shown = Readme.Text("A first key set", "http").Split("\n\n", 2);

        string[] answer = (await Shell.RunAsync(Readme.Commands("A first key set", _client!.BaseAddress!))).ReplaceLineEndings("\n").Split("\n\n", 2);

        Assert.That(answer[0].Split('\n')[0], Is.EqualTo(shown[0].Split('\n')[0]));
        Assert.That(Headers(answer[0]), Is.EquivalentTo(Headers(shown[0]).Append("Date")));
        Assert.That(Comparable(answer[1]), Is.EqualTo(Comparable(shown[1])));
    }

    [Test]
    public async Task Shows_a_rollover_that_works_as_it_is_written()
    {
        await StartInMemoryAsync();
        // Five seconds instead of two hours, and the time that passes before the new key is active.
        string script = Readme.Commands("A signing key and its rollover", _client!.BaseAddress!)
            .Replace("+ 7200", "+ 5", StringComparison.Ordinal)
            .Replace("# 4.", "sleep 6\n# 4.", StringComparison.Ordinal);

        JsonObject[] answers = [.. (await Shell.RunAsync($"TOKEN={Token}\n{script}\ncurl \"$set/jwks\"; echo \"{{\\\"kid\\\":\\\"$old\\\"}}\"\n"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(answer => JsonNode.Parse(answer)!.AsObject())];

        // The set, its first key, the next one, both published, the active one, and what is published in the end; then $old.
        Assert.That(answers, Has.Length.EqualTo(7));
        string first = (string)answers[1]["kid"]!;
        string next = (string)answers[2]["kid"]!;
        Assert.That(answers[3]["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo([first, next]));
        Assert.That((string?)answers[4]["kid"], Is.EqualTo(next));
        Assert.That(answers[5]["keys"]!.AsArray().Select(key => (string?)key!["kid"]), Is.EqualTo([next]));
        Assert.That((string?)answers[6]["kid"], Is.EqualTo(first));
    }

    [Test]
    public async Task Shows_a_query_a_change_and_a_batch_that_work()
    {
        await StartInMemoryAsync();
        HttpResponseMessage created = await _client!.CreateAsync("""{"id":"SigningKeys","keys":[{"kty":"RSA","use":"sig","e":"AQAB","n":"@","exp":1}]}""".Replace("@", (string)SampleKeys.PublicRsa()["n"]!, StringComparison.Ordinal));
        string query = Readme.Text("What it does", "http").Trim()["GET ".Length..];

        JsonObject found = await (await _client!.GetAsync(query)).JsonAsync();
        string changed = await Shell.RunAsync($"TOKEN={Token}\n" + Regex.Replace(
            Readme.Commands("What it does", _client!.BaseAddress!), "W/\"[0-9a-f]{32}\"", created.Header("ETag")!));

        Assert.That(found["value"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["SigningKeys"]));
        Assert.That(changed, Does.Contain("\"keys\":[]").And.Contain("HTTP/1.1 200 OK"));
        JsonNode batch = JsonNode.Parse(changed[changed.IndexOf("{\"responses\"", StringComparison.Ordinal)..])!;
        Assert.That(batch["responses"]!.AsArray().Select(part => (int)part!["status"]!), Is.EqualTo([201, 200, 200]));
    }

    [Test]
    public async Task Shows_an_error_as_they_are()
    {
        await StartInMemoryAsync();
        JsonObject shown = JsonNode.Parse(Readme.Text("Errors", "json"))!.AsObject();
        await _client!.CreateAsync("""{"id":"x"}""");

        JsonObject error = await (await _client!.CreateAsync("""{"id":"x"}""")).JsonAsync();

        Assert.That(shown["error"]!["innerError"]!.AsObject().Select(member => member.Key), Is.EqualTo(error["error"]!["innerError"]!.AsObject().Select(member => member.Key)));
        error["error"]!["innerError"] = shown["error"]!["innerError"]!.DeepClone();
        Assert.That(error.ToJsonString(), Is.EqualTo(shown.ToJsonString()));
    }

    [Test]
    public void Shows_the_code_that_the_tests_of_the_stand_in_run()
    {
        string file = File.ReadAllText(Path.Combine(Readme.Folder, "KeySets.Tests", "Support", "KeySetsStandIn.cs")).ReplaceLineEndings("\n");
        string code = Regex.Replace(file, "(namespace [^\n]*\n\n)|(/// [^\n]*\n)", "");

        Assert.That(Readme.Text("In your tests", "csharp"), Is.EqualTo(code));
    }

    [Test]
    public async Task Runs_the_service_in_memory_for_the_tests_of_others()
    {
        Shell.Require();
        await StartAsync($"{Readme.Text("In your tests", "sh").Trim()} --contentRoot {Folder.FullPath}");

        Assert.That((await _client!.CreateAsync("{}")).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(_service!.Output, Does.Contain($"Now listening on: {_client!.BaseAddress!.AbsoluteUri.TrimEnd('/')}"));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder.FullPath), Is.Empty);
    }

    private string Token => _client!.DefaultRequestHeaders.Authorization!.Parameter!;

    private static IEnumerable<string> Headers(string head) => head.Split('\n').Skip(1).Select(line => line.Split(':')[0]);

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
        _service = new KeySetsProcess(Folder.FullPath, "Development", ["--ConnectionStrings:KeySets=Data Source=:memory:"]);
        return ConnectAsync();
    }

    private Task StartAsync(string command)
    {
        _service = KeySetsProcess.ByCommand(Readme.Folder, command);
        return ConnectAsync();
    }

    private async Task ConnectAsync() => _client = await _service!.ClientAsync();
}

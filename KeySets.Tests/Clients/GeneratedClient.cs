using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>
/// A running service and the program <c>round.ts</c>, which speaks to it by a client that npm odata2ts has generated from its
/// <c>$metadata</c>. Both are compiled in a folder of their own.
/// </summary>
public sealed class GeneratedClient : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _folder = new();
    private readonly KeySetsProcess _service;
    private NodeProgram? _program;

    /// <summary>Starts the service.</summary>
    public GeneratedClient() => _service = new KeySetsProcess(_data.FullPath, "Development");

    /// <summary>Generates the client, compiles it and starts the program.</summary>
    public async Task StartAsync()
    {
        using HttpClient http = await _service.ClientAsync();
        await File.WriteAllTextAsync(_folder.File("metadata.xml"), await http.GetStringAsync("/$metadata"));
        foreach (string file in (string[])["odata2ts.config.cjs", "round.ts", "tsconfig.json"])
        {
            File.Copy(Path.Combine(NodeJs.Clients, file), _folder.File(file));
        }

        // Node.js and the compiler look for packages beside the files that import them.
        Directory.CreateSymbolicLink(_folder.File("node_modules"), NodeJs.Packages);
        await NodeJs.RunAsync(_folder.FullPath, "@odata2ts/odata2ts/lib/run-cli.js", "--source", "metadata.xml", "--output", "generated");
        await NodeJs.RunAsync(_folder.FullPath, "typescript/bin/tsc", "--project", "tsconfig.json");
        _program = new NodeProgram(
            _folder.File("round.js"), http.BaseAddress!.AbsoluteUri.TrimEnd('/'), http.DefaultRequestHeaders.Authorization!.ToString());
    }

    /// <summary>Has the program do a step, and asserts the status that the client saw.</summary>
    /// <param name="status">The status.</param>
    /// <param name="step">The name of the step and its arguments.</param>
    /// <returns>What the client saw: <c>headers</c> and <c>data</c>, or the <c>message</c> of an error.</returns>
    public async Task<JsonObject> DoAsync(int status, params string[] step)
    {
        string? seen = await _program!.AskAsync(JsonSerializer.Serialize(step));
        Assert.That(seen, Is.Not.Null, "The program has ended.");
        JsonObject answer = JsonSerializer.Deserialize<JsonObject>(seen)!;
        Assert.That((int?)answer["status"], Is.EqualTo(status), seen);
        return answer;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _program?.Dispose();
        _service.Dispose();
        _folder.Dispose();
        _data.Dispose();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Clients;

/// <summary>
/// A running service, and a program that calls it through a client generated from the service's own description. Client
/// and program are compiled in their own folder.
/// </summary>
/// <param name="description">The URL of the description.</param>
/// <param name="file">The file that the generator reads it from.</param>
/// <param name="program">The name of the TypeScript program.</param>
public sealed class GeneratedClient(string description, string file, string program) : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _folder = new();
    private KeySetsProcess? _service;
    private NodeProgram? _program;

    /// <summary>Starts the service, generates the client, compiles it and starts the program.</summary>
    /// <param name="tool">The path of the generator in the packages.</param>
    /// <param name="arguments">Its arguments.</param>
    public async Task StartAsync(string tool, params string[] arguments)
    {
        NodeJs.Require();
        _service = new KeySetsProcess(_data.FullPath, "Development");
        using HttpClient http = await _service.ClientAsync();
        await File.WriteAllTextAsync(_folder.File(file), await http.GetStringAsync(description));
        foreach (string source in (string[])["odata2ts.config.cjs", $"{program}.ts", "tsconfig.json"])
        {
            File.Copy(Path.Combine(NodeJs.Clients, source), _folder.File(source));
        }

        // Node.js and the compiler look for packages beside the files that import them.
        Directory.CreateSymbolicLink(_folder.File("node_modules"), NodeJs.Packages);
        await NodeJs.RunAsync(_folder.FullPath, tool, arguments);
        await NodeJs.RunAsync(_folder.FullPath, "typescript/bin/tsc", "--project", "tsconfig.json");
        _program = new NodeProgram(
            _folder.File($"{program}.js"),
            http.BaseAddress!.AbsoluteUri.TrimEnd('/'),
            http.DefaultRequestHeaders.Authorization!.ToString());
    }

    /// <summary>The file of the description.</summary>
    public string Description => _folder.File(file);

    /// <summary>Makes the program run a step, and asserts the status that the client saw.</summary>
    /// <param name="status">The status.</param>
    /// <param name="step">The name of the step and its arguments.</param>
    /// <returns>The answer for the client: <c>headers</c> and <c>data</c>, or the <c>message</c> of an error.</returns>
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
        _service?.Dispose();
        _folder.Dispose();
        _data.Dispose();
    }
}

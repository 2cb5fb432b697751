using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting;

/// <summary>The commands of README, pasted into a shell.</summary>
public sealed partial class ReadmeTests : ProcessTests
{
    [Test]
    public async Task Shows_a_rollover_that_works_as_it_is_written()
    {
        if (OperatingSystem.IsWindows() || !File.Exists("/usr/bin/curl"))
        {
            Assert.Ignore("This needs a POSIX shell and /usr/bin/curl.");
        }

        using KeySetsProcess service = new(Folder.FullPath, "Development");
        using HttpClient client = await service.ClientAsync();
        string token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        string root = client.BaseAddress!.AbsoluteUri.TrimEnd('/');
        // Five seconds instead of two hours, and the time that passes before the new key is active.
        string[] lines = [.. Commands("## A signing key and its rollover")
            .Replace("http://localhost:5080", root, StringComparison.Ordinal)
            .Replace("+ 7200", "+ 5", StringComparison.Ordinal)
            .Replace("# 4.", "sleep 6\n# 4.", StringComparison.Ordinal)
            .Split('\n')];

        JsonObject[] answers = [.. (await RunAsync($"TOKEN={token}\n{string.Join('\n', lines)}\ncurl \"$set/jwks\"; echo \"{{\\\"kid\\\":\\\"$old\\\"}}\"\n"))
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

    /// <remarks>Each answer on a line of its own; a status from 400 on ends the script.</remarks>
    private static async Task<string> RunAsync(string script)
    {
        const string Curl = "set -e\ncurl() { /usr/bin/curl --silent --show-error --fail-with-body --write-out '\\n' \"$@\"; }\n";
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Curl + script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = shell.StandardError.ReadToEndAsync();
        string output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.That(shell.ExitCode, Is.Zero, $"{output}\n{await errors}");
        return output;
    }

    private static string Commands(string heading)
    {
        string readme = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", "README.md")).ReplaceLineEndings("\n");
        string section = readme[readme.IndexOf($"{heading}\n", StringComparison.Ordinal)..].Split("\n## ")[0];
        return string.Join('\n', ShellBlock().Matches(section).Select(block => block.Groups["commands"].Value));
    }

    [GeneratedRegex("```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex ShellBlock();
}

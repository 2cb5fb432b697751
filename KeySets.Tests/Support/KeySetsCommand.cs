using System.Text.Json.Nodes;
using KeySets.Model;

namespace KeySets.Tests.Support;

/// <summary>Runs commands of the program, as processes, and compares what they leave behind.</summary>
public static class KeySetsCommand
{
    private const string Other = $"{HttpExtensions.KeySets}/other";

    /// <summary>Runs a command to its end.</summary>
    /// <param name="folder">The content root.</param>
    /// <param name="arguments">The command, its file, and settings.</param>
    /// <returns>The exit code, and all that was printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments)
    {
        using KeySetsProcess process = KeySetsProcess.OfCommand(folder, arguments);
        int exitCode = await process.ExitAsync();
        return (exitCode, process.Output);
    }

    /// <summary>Runs a command to its end, and asserts that it succeeds.</summary>
    /// <returns>All that was printed.</returns>
    public static async Task<string> SucceedAsync(string folder, params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(folder, arguments);
        Assert.That(exitCode, Is.Zero, output);
        return output;
    }

    /// <summary>Runs a command to its end, and asserts that it says in one line why it cannot.</summary>
    public static async Task FailAsync(string reason, string folder, params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(folder, arguments);
        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.StartWith("KeySets ").And.Contain(reason).And.Not.Contain("\n"));
    }

    /// <summary>The arguments that make a command use a database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="prefix">What is before each setting.</param>
    public static string[] SettingsOf(TestDatabase database, string prefix = "") =>
        [.. database.Settings.Select(setting => $"--{prefix}{setting.Key}={setting.Value}")];

    /// <summary>Fills a service with sets of every kind.</summary>
    public static async Task FillAsync(KeySetsApplication application)
    {
        HttpClient client = application.Writer;
        JsonObject certified = SampleKeys.PublicRsa();
        certified["kid"] = "certified";
        certified["x5c"] = new JsonArray(SampleKeys.CertificateText());
        string[] bodies =
        [
            """{"id":"empty"}""",
            $$"""{"id":"rsa","keys":[{{SampleKeys.PrivateRsa()}},{{SampleKeys.NewPublicRsa()}},{{certified}}]}""",
            """
            {"id":"other","keys":[{"kid":"a","kty":"oct","k":"c2VjcmV0"},{"kid":"b","kty":"oct","k":"AAAA"},
            {"kid":"c","kty":"oct","k":"AAAB","nbf":1,"exp":4102444800},{"kid":"Ünï 😀","kty":"\"x\\"}]}
            """,
        ];
        HttpResponseMessage[] changes =
        [
            .. await Task.WhenAll(bodies.Select(body => client.CreateAsync(body))),
            await client.DeleteAsync($"{Other}/keys_v2('b')"),
            await client.SendJsonAsync(HttpMethod.Patch, $"{Other}/keys_v2('c')", """{"status":"disabled"}"""),
        ];
        Assert.That(changes.Select(change => $"{change.StatusCode}"), Is.All.AnyOf("Created", "OK", "NoContent"));
    }

    /// <summary>All that clients see of the sets: texts and ETags; and the private members of the keys.</summary>
    public static async Task<IReadOnlyList<string?>> AnswersAsync(KeySetsApplication application)
    {
        string[] urls = ["", "/empty", "/rsa", "/other", "/other/keys_v2"];
        List<string?> answers = [];
        foreach (string url in urls)
        {
            HttpResponseMessage answer = await application.Reader.GetAsync($"{HttpExtensions.KeySets}{url}");
            answers.Add($"{answer.StatusCode} {answer.Header("ETag")} {await answer.Content.ReadAsStringAsync()}");
        }

        PrivateMembers? members = await application.PrivateMembersAsync("other", "a");
        answers.Add(members?.ToString());
        answers.Add((await application.PrivateMembersAsync("other", "c"))?.K);
        return answers;
    }
}

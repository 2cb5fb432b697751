using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>Sends requests of an .http file, as somebody does who clicks through it, and keeps the answers that others refer to.</summary>
/// <param name="client">The client, which has no token of its own.</param>
/// <param name="file">The file.</param>
/// <param name="lineEnd">The line end of bodies, which is that of the file or of the machine, as the tool has it.</param>
public sealed partial class HttpFileSession(HttpClient client, HttpFile file, string lineEnd = "\n")
{
    private readonly Dictionary<string, (HttpResponseMessage Response, string Body)> _answers = [];

    /// <summary>Sends all requests, in order.</summary>
    /// <returns>The answers, each with the request as it was sent.</returns>
    public async Task<IReadOnlyList<HttpResponseMessage>> SendAllAsync()
    {
        List<HttpResponseMessage> answers = [];
        foreach (HttpFileRequest request in file.Requests)
        {
            answers.Add(await SendAsync(request));
        }

        return answers;
    }

    /// <summary>Sends a request.</summary>
    /// <exception cref="InvalidOperationException">A reference leads nowhere. Nothing was sent.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpFileRequest request)
    {
        HttpResponseMessage response = await client.SendAsync(
            request.Method,
            Resolve(request.Target),
            request.Body is { } body ? new ByteArrayContent(Encoding.UTF8.GetBytes(Resolve(body).ReplaceLineEndings(lineEnd))) : null,
            [.. request.Headers.Select(header => (header.Name, Resolve(header.Value)))]);
        if (request.Name is { } name)
        {
            _answers[name] = (response, await response.Content.ReadAsStringAsync());
        }

        return response;
    }

    private string Resolve(string text) => Reference().Replace(text, match =>
        (match.Groups["name"].Success ? OfAnswer(match) : file.Variables.GetValueOrDefault(match.Groups["variable"].Value))
        ?? throw new InvalidOperationException($"{match.Value} leads nowhere."));

    private string? OfAnswer(Match match) => _answers.TryGetValue(match.Groups["name"].Value, out (HttpResponseMessage Response, string Body) answer)
        ? match.Groups["header"].Success ? answer.Response.Header(match.Groups["header"].Value) : Member(answer.Body, match.Groups["path"].Value)
        : null;

    private static string? Member(string json, string path)
    {
        JsonNode? found = path.Split('.').Aggregate(Parse(json), (node, name) => (node as JsonObject)?[name]);
        // A tool would write an object or an array as it thinks fit.
        return found is JsonValue value ? value.ToString() : null;
    }

    // An answer that is no JSON has no members.
    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Whatever is in braces and has neither form is a variable that does not exist.
    [GeneratedRegex("""
        \{\{ (
          (?<name> \w+ ) \.response\. ( headers\. (?<header> [A-Za-z-]+ ) | body\.\$\. (?<path> [\w.]+ ) ) |
          (?<variable> [^}]* )
        ) \}\}
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>
/// Sends the requests of an .http file, as a person does by clicking. Keeps the answers that later requests refer to.
/// </summary>
/// <param name="client">A client without a token.</param>
/// <param name="file">The file.</param>
/// <param name="lineEnd">The line end in bodies: that of the file or of the machine, depending on the tool.</param>
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
            request.Body is { } body
                ? new ByteArrayContent(Encoding.UTF8.GetBytes(Resolve(body).ReplaceLineEndings(lineEnd)))
                : null,
            [.. request.Headers.Select(header => (header.Name, Resolve(header.Value)))]);
        if (request.Name is { } name)
        {
            _answers[name] = (response, await response.Content.ReadAsStringAsync());
        }

        return response;
    }

    private string Resolve(string text) => Reference().Replace(text, match =>
        (match.Groups["name"].Success
            ? OfAnswer(match)
            : file.Variables.GetValueOrDefault(match.Groups["variable"].Value))
        ?? throw new InvalidOperationException($"{match.Value} leads nowhere."));

    private string? OfAnswer(Match match) =>
        _answers.TryGetValue(match.Groups["name"].Value, out (HttpResponseMessage Response, string Body) answer)
            ? match.Groups["header"].Success
                ? answer.Response.Header(match.Groups["header"].Value)
                : Member(answer.Body, match.Groups["path"].Value)
            : null;

    private static string? Member(string json, string path)
    {
        JsonNode? found = path.Split('.').Aggregate(Parse(json), (node, name) => (node as JsonObject)?[name]);
        // Null for an object or an array: tools write them differently.
        return found is JsonValue value ? value.ToString() : null;
    }

    // An answer that is not JSON has no members.
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

    // Any other text in braces counts as a variable that does not exist.
    [GeneratedRegex("""
        \{\{ (
          (?<name> \w+ ) \.response\. ( headers\. (?<header> [A-Za-z-]+ ) | body\.\$\. (?<path> [\w.]+ ) ) |
          (?<variable> [^}]* )
        ) \}\}
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}

using System.Reflection;
using System.Text.Json.Nodes;

namespace KeySets.Api.OpenApi;

/// <summary>
/// The examples in <c>OpenApi/Examples</c>: <c>{operation}.json</c> and <c>{operation}.{title}.json</c> for requests,
/// <c>{operation}.{status}.json</c> for answers. The requests work if they are sent in order.
/// </summary>
internal static class ApiExamples
{
    private const string Suffix = ".json";

    private static readonly Assembly Assembly = typeof(ApiExamples).Assembly;
    private static readonly string[] Names = [.. Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

    /// <summary>The requests of an operation, by title.</summary>
    public static IEnumerable<(string Title, JsonNode Body)> Requests(string operation) =>
        Of(operation).Where(example => !IsStatus(example.Title)).Select(example => (example.Title, Read(example.Name)));

    /// <summary>The answer of an operation with a status; null if there is no example.</summary>
    public static JsonNode? Answer(string operation, int status) =>
        Of(operation)
            .Where(example => example.Title == $"{status}")
            .Select(example => Read(example.Name))
            .SingleOrDefault();

    private static IEnumerable<(string Name, string Title)> Of(string operation) => Names
        .Where(name => name == $"{operation}{Suffix}"
            || (name.StartsWith($"{operation}.", StringComparison.Ordinal)
                && name.EndsWith(Suffix, StringComparison.Ordinal)))
        .Select(name => (
            name,
            name == $"{operation}{Suffix}" ? operation : name[(operation.Length + 1)..^Suffix.Length]));

    private static bool IsStatus(string title) => int.TryParse(title, out _);

    private static JsonNode Read(string name)
    {
        using Stream stream = Assembly.GetManifestResourceStream(name)!;
        return JsonNode.Parse(stream)!;
    }
}

using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>The example of the API's documentation, letter for letter.</summary>
public static class Documentation
{
    /// <summary>The body of the request, with LF line ends.</summary>
    public static string CreateRequest { get; } = Read("create-request.json");

    /// <summary>The body of the answer.</summary>
    public static JsonObject CreateResponse => JsonNode.Parse(Read("create-response.json"))!.AsObject();

    // A checkout can turn the line ends.
    private static string Read(string name) =>
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Documentation", name)).ReplaceLineEndings("\n");
}

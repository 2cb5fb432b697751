using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>The example in the documentation of the API, letter for letter.</summary>
public static class Documentation
{
    /// <summary>The body of the request, with LF line ends.</summary>
    public static string CreateRequest { get; } = Read("create-request.json");

    /// <summary>The body of the answer.</summary>
    public static JsonObject CreateResponse => JsonNode.Parse(Read("create-response.json"))!.AsObject();

    // Git can change the line ends at a checkout.
    private static string Read(string name) =>
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Documentation", name))
            .ReplaceLineEndings("\n");
}

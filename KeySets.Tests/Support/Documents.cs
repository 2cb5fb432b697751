using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>A code block of a document.</summary>
/// <param name="File">The document, such as <c>docs/api.md</c>.</param>
/// <param name="Section">The heading above it.</param>
/// <param name="Language">Its language; empty for a drawing.</param>
/// <param name="Text">Its text.</param>
public sealed record Snippet(string File, string Section, string Language, string Text);

/// <summary>README and the documents in <c>docs</c>, as they are in the repository.</summary>
public static partial class Documents
{
    /// <summary>README.</summary>
    public const string Readme = "README.md";

    /// <summary>What the API does.</summary>
    public const string Api = "docs/api.md";

    /// <summary>How to run the service in production.</summary>
    public const string Operating = "docs/operating.md";

    /// <summary>The stand-in for tests.</summary>
    public const string Testing = "docs/testing.md";

    /// <summary>What is promised to those who keep keys in the service.</summary>
    public const string Security = "docs/security.md";

    /// <summary>The structure of the code.</summary>
    public const string Architecture = "docs/architecture.md";

    /// <summary>The folder of the repository.</summary>
    public static string Folder { get; } =
        Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", ".."));

    /// <summary>All documents, as paths within the repository.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Readme,
        .. Directory.EnumerateFiles(Path.Combine(Folder, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The snippets of all documents.</summary>
    public static IReadOnlyList<Snippet> Snippets { get; } =
    [
        .. from file in All
           from section in Read(file).Split("\n## ")
           from block in Fence().Matches(section)
           select new Snippet(
               file, section.Split('\n')[0], block.Groups["language"].Value, block.Groups["text"].Value),
    ];

    /// <summary>A document, with LF line ends.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file)).ReplaceLineEndings("\n");

    /// <summary>All snippets in one language under a heading, as one text.</summary>
    public static string Text(string file, string section, string language) => string.Join('\n', Snippets
        .Where(snippet => snippet.File == file && snippet.Section == section && snippet.Language == language)
        .Select(snippet => snippet.Text));

    /// <summary>The shell commands under a heading, with another address in place of that of the document.</summary>
    public static string Commands(string file, string section, Uri root) => Text(file, section, "sh")
        .Replace("http://localhost:5080", root.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    [GeneratedRegex(
        "^```(?<language>\\w*)\n(?<text>.*?)^```",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}

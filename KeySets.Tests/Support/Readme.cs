using System.Text.RegularExpressions;

namespace KeySets.Tests.Support;

/// <summary>A block of README that is set as code.</summary>
/// <param name="Section">The heading that it stands under.</param>
/// <param name="Language">What it is written in; empty for a drawing.</param>
/// <param name="Text">What it says.</param>
public sealed record ReadmeBlock(string Section, string Language, string Text);

/// <summary>README, as it lies in the repository.</summary>
public static partial class Readme
{
    /// <summary>The repository.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", ".."));

    /// <summary>All blocks.</summary>
    public static IReadOnlyList<ReadmeBlock> Blocks { get; } =
    [
        .. from section in File.ReadAllText(Path.Combine(Folder, "README.md")).ReplaceLineEndings("\n").Split("\n## ")
           from block in Fence().Matches(section)
           select new ReadmeBlock(section.Split('\n')[0], block.Groups["language"].Value, block.Groups["text"].Value),
    ];

    /// <summary>The blocks under a heading in a language, as one text.</summary>
    public static string Text(string section, string language) =>
        string.Join('\n', Blocks.Where(block => block.Section == section && block.Language == language).Select(block => block.Text));

    /// <summary>The shell commands under a heading, at another address than README's.</summary>
    public static string Commands(string section, Uri root) =>
        Text(section, "sh").Replace("http://localhost:5080", root.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    [GeneratedRegex("^```(?<language>\\w*)\n(?<text>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fence();
}

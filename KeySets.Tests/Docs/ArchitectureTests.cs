using System.Text.RegularExpressions;
using KeySets.Tests.Support;

namespace KeySets.Tests.Docs;

/// <summary><c>docs/architecture.md</c> and the tree tell the same story.</summary>
public sealed class ArchitectureTests
{
    private const string Api = "KeySets.Api";

    // The rooms, each with the rooms that it may know. Rooms within the same folder are listed with their folder.
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Diagnostics"] = [],
        ["Refusals"] = ["Diagnostics"],
        ["Capacity"] = ["Refusals"],
        ["Keys"] = ["Refusals"],
        ["Data"] = ["Data/Audit", "Data/Reading", "Data/Sealing", "Refusals"],
        ["Data/Audit"] = ["Data/Sealing", "Refusals"],
        ["Data/Reading"] = [],
        ["Data/Sealing"] = ["Refusals"],
        ["Data/Sqlite"] = ["Data/Reading", "Data/Sealing", "Capacity", "Refusals", "Diagnostics"],
        ["Data/Sqlite/Migrations"] = ["Data/Sqlite"],
        ["Data/Backups"] = ["Data/Sealing", "Data/Sqlite"],
        ["Data/PostgreSql"] = ["Data/Audit", "Data/Reading", "Refusals", "Diagnostics"],
        ["Data/PostgreSql/Migrations"] = ["Data/PostgreSql"],
        ["OData/Requests"] = ["Data/Audit", "Refusals", "Diagnostics"],
        ["OData/Bodies"] = ["OData/Requests", "Keys", "Capacity", "Refusals", "Diagnostics"],
        ["OData/Queries"] = ["OData/Requests", "Data", "Data/Reading", "Refusals"],
        ["OData/Answers"] = ["OData/Queries", "OData/Requests", "Refusals"],
        ["OData/Repeatability"] =
            ["OData/Bodies", "OData/Requests", "Data", "Data/Sealing", "Capacity", "Refusals"],
        ["OData/Batch"] =
            ["OData/Repeatability", "OData/Answers", "OData/Bodies", "OData/Requests", "Data", "Capacity", "Refusals",
                "Diagnostics"],
        ["OData"] =
            ["OData/Batch", "OData/Repeatability", "OData/Answers", "OData/Bodies", "OData/Queries", "OData/Requests",
                "Keys"],
        ["OpenApi"] = ["OData", "OData/Requests", "Keys", "Refusals"],
        ["Controllers"] =
            ["OData/Repeatability", "OData/Answers", "OData/Bodies", "OData/Queries", "OData/Requests", "Data",
                "Data/Reading", "Keys", "Refusals", "Diagnostics"],
    };

    private static readonly string[] Sources =
        [.. Files("*.cs").Where(file => !Regex.IsMatch(file, "^(obj|bin)/"))];

    private static readonly string Page = Documents.Read(Documents.Architecture);

    [Test]
    public void Each_room_has_a_row_on_the_page() => Assert.That(
        Sources.Select(RoomOf).Distinct()
            .Where(room => room is not ("" or "OData") && !room.EndsWith("/Migrations", StringComparison.Ordinal)),
        Is.EquivalentTo(Regex.Matches(Page, @"^\| `(?<room>[\w/]+)/` \|", RegexOptions.Multiline)
            .Select(row => row.Groups["room"].Value)));

    [Test]
    public void No_room_knows_a_room_above_it()
    {
        IEnumerable<string> wrong =
            from file in Sources
            let room = RoomOf(file)
            from known in KnownBy(file)
            where room.Length > 0 && !IsAllowed(room, known)
            select $"{file} knows {known}";

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Nothing_outside_of_their_rooms_and_of_backups_names_a_database_but_the_registration_and_the_help() =>
        Assert.That(
            Sources.Where(file => !Regex.IsMatch(RoomOf(file), "^Data/(Sqlite|PostgreSql|Backups)")
                && Regex.IsMatch(Text(file), "sqlite|postgres|npgsql", RegexOptions.IgnoreCase)),
            Is.EquivalentTo(["Hosting/Settings.cs", "Hosting/StorageSetup.cs"]));

    [Test]
    public void Only_data_knows_EF_Core() => Assert.That(
        Sources.Where(file => !RoomOf(file).StartsWith("Data", StringComparison.Ordinal)
            && Text(file).Contains("using Microsoft.EntityFrameworkCore", StringComparison.Ordinal)),
        Is.Empty);

    [Test]
    public void Nothing_that_is_for_Development_alone_stands_outside_of_its_room() => Assert.That(
        Sources.Where(file => RoomOf(file) != "Hosting/Development"
            && Regex.IsMatch(Text(file), "^using (static )?(OpenIddict|Scalar)", RegexOptions.Multiline)),
        Is.Empty);

    [Test]
    public void Every_file_that_the_page_names_exists()
    {
        string[] files =
        [
            .. from project in (string[])[Api, "KeySets.Model", "KeySets.Tests"]
               from file in Files("*.cs", project)
               select $"{project}/{file}",
        ];
        IEnumerable<string> names = Regex.Matches(Page, @"[\w./]+\.cs\b").Select(match => match.Value);

        Assert.That(names.Where(
            name => !files.Any(file => $"/{file}".EndsWith($"/{name}", StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void Every_class_that_the_page_follows_exists()
    {
        IEnumerable<string> classes = Documents.Snippets
            .Where(snippet => snippet.File == Documents.Architecture && snippet.Section.StartsWith(
                "The way", StringComparison.Ordinal))
            .SelectMany(snippet => Regex.Matches(snippet.Text, @"\b[A-Z][a-z]+[A-Z]\w+\b"))
            .Select(match => match.Value);

        Assert.That(classes.Where(name => !Sources.Any(file => Regex.IsMatch(Text(file), $@"\b{name}\b"))), Is.Empty);
    }

    [Test]
    public void Every_fixture_that_the_promises_name_exists()
    {
        string[] fixtures = [.. typeof(ArchitectureTests).Assembly.GetTypes().Select(type => type.Name)];
        IEnumerable<string> named =
            ((string[])[Documents.Testing, Documents.Security])
                .SelectMany(page => Regex.Matches(Documents.Read(page), @"`(?<name>\w+Tests)`"))
                .Select(match => match.Groups["name"].Value);

        Assert.That(named.Except(fixtures), Is.Empty);
    }

    // Hosting puts the service together, so its rooms may know every other one. MVC finds the controllers by itself.
    private static bool IsAllowed(string room, string known) => MayKnow.TryGetValue(room, out string[]? allowed)
        ? allowed.Contains(known)
        : room.StartsWith("Hosting", StringComparison.Ordinal) && known != "Controllers";

    private static IEnumerable<string> KnownBy(string file) =>
        Regex.Matches(Text(file), @"^using KeySets\.Api\.(?<room>[\w.]+);", RegexOptions.Multiline)
            .Select(match => match.Groups["room"].Value.Replace('.', '/'));

    private static IEnumerable<string> Files(string pattern, string project = Api)
    {
        string folder = Path.Combine(Documents.Folder, project);
        return Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));
    }

    private static string RoomOf(string file) => Path.GetDirectoryName(file)!.Replace('\\', '/');

    private static string Text(string file) => File.ReadAllText(Path.Combine(Documents.Folder, Api, file));
}

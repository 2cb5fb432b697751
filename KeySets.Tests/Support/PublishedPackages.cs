using System.Text.Json.Nodes;

namespace KeySets.Tests.Support;

/// <summary>The packages of a published program, from the file by which .NET finds its assemblies.</summary>
/// <param name="folder">The folder of the program.</param>
public sealed class PublishedPackages(string folder)
{
    private const string Program = "KeySets.Api";

    private readonly Dictionary<string, JsonObject> _libraries = Read(folder);

    /// <summary>Their package URLs, such as <c>pkg:nuget/Npgsql@10.0.3</c>.</summary>
    public IEnumerable<string> Urls =>
        from library in _libraries
        where !IsOfThisRepository(library.Key)
        select $"pkg:nuget/{library.Key}@{library.Value["version"]}";

    /// <summary>The files of all their assemblies, and of the program's own.</summary>
    public IEnumerable<string> Assemblies => _libraries.Keys.SelectMany(AssembliesOf);

    /// <summary>The files of the assemblies that the program would lose together with some packages.</summary>
    /// <param name="isTakenAway">Tells by its name whether a package is taken away.</param>
    public IEnumerable<string> AssembliesWithout(Func<string, bool> isTakenAway)
    {
        HashSet<string> left = new(StringComparer.Ordinal);
        Stack<string> next = new([Program]);
        while (next.TryPop(out string? name))
        {
            if (!isTakenAway(name) && left.Add(name))
            {
                DependenciesOf(name).ForEach(next.Push);
            }
        }

        return _libraries.Keys.Except(left).SelectMany(AssembliesOf);
    }

    private static bool IsOfThisRepository(string name) => name.StartsWith("KeySets.", StringComparison.Ordinal);

    private static Dictionary<string, JsonObject> Read(string folder)
    {
        JsonNode file = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, $"{Program}.deps.json")))!;
        JsonObject target = file["targets"]![(string)file["runtimeTarget"]!["name"]!]!.AsObject();
        Dictionary<string, JsonObject> libraries = new(StringComparer.Ordinal);
        foreach ((string key, JsonNode? library) in target)
        {
            string[] nameAndVersion = key.Split('/');
            library!["version"] = nameAndVersion[1];
            libraries.Add(nameAndVersion[0], library.AsObject());
        }

        return libraries;
    }

    private List<string> DependenciesOf(string name) =>
        [.. Members(name, "dependencies").Where(_libraries.ContainsKey)];

    private IEnumerable<string> AssembliesOf(string name) =>
        Members(name, "runtime").Select(file => file.Split('/')[^1]);

    private IEnumerable<string> Members(string name, string list) =>
        _libraries[name][list]?.AsObject().Select(member => member.Key) ?? [];
}

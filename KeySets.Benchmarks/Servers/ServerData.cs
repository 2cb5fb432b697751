namespace KeySets.Benchmarks.Servers;

/// <summary>The data of a server.</summary>
/// <param name="Folder">The folder that it works in, with its files if it has any.</param>
/// <param name="Settings">The settings that lead a service to its database.</param>
/// <param name="Bare">What leads the bare handler to its database.</param>
internal sealed record ServerData(string Folder, IReadOnlyDictionary<string, string> Settings, string Bare);

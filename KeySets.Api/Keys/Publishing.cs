namespace KeySets.Api.Keys;

/// <summary>Whether key sets are published.</summary>
/// <param name="IsEnabled">The setting <c>KeySets:Publish</c>.</param>
public sealed record Publishing(bool IsEnabled);

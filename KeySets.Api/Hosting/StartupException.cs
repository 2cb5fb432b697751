namespace KeySets.Api.Hosting;

/// <summary>The service cannot start as it is configured. The message says what to set.</summary>
public sealed class StartupException(string message) : Exception(message);

namespace KeySets.Api.Hosting.Commands;

/// <summary>A command cannot do what it is asked to. The message tells the operator why.</summary>
public sealed class CommandException(string message) : Exception(message);

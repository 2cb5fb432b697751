using Microsoft.AspNetCore.Connections;

namespace KeySets.Api;

/// <summary>The service cannot start as it is configured. The message tells the operator what to set.</summary>
public sealed class StartupException(string message) : Exception(message)
{
    /// <summary>Whether the message of an exception alone tells the operator why the service cannot start.</summary>
    public static bool IsReason(Exception exception) =>
        // ASP.NET Core throws the others at malformed settings files, at a missing content root, and at a port in use.
        exception is StartupException or InvalidDataException or DirectoryNotFoundException
        || exception.InnerException is AddressInUseException;
}

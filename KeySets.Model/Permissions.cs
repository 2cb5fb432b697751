namespace KeySets.Model;

/// <summary>The permissions of the API, as tokens carry them.</summary>
public static class Permissions
{
    /// <summary>Reads key sets.</summary>
    public const string Read = "TrustFrameworkKeySet.Read.All";

    /// <summary>Reads and changes key sets.</summary>
    public const string ReadWrite = "TrustFrameworkKeySet.ReadWrite.All";
}

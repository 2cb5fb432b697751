namespace KeySets.Model;

/// <summary>The permissions of the API, as tokens carry them.</summary>
public static class Permissions
{
    /// <summary>Allows reading key sets.</summary>
    public const string Read = "TrustFrameworkKeySet.Read.All";

    /// <summary>Allows reading and changing key sets.</summary>
    public const string ReadWrite = "TrustFrameworkKeySet.ReadWrite.All";

    /// <summary>Allows reading the audit events, and nothing else.</summary>
    public const string ReadAudit = "TrustFrameworkKeySet.Audit.Read.All";
}

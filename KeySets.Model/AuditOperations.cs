namespace KeySets.Model;

/// <summary>What an <see cref="AuditEvent"/> can be about.</summary>
public static class AuditOperations
{
    /// <summary>A set was created, perhaps with keys.</summary>
    public const string CreateKeySet = "createKeySet";

    /// <summary>All keys of a set were replaced by others, or by none.</summary>
    public const string ReplaceKeys = "replaceKeys";

    /// <summary>A key was added.</summary>
    public const string AddKey = "addKey";

    /// <summary>A key got other certificates and dates, and perhaps a private part.</summary>
    public const string RenewKey = "renewKey";

    /// <summary>A key was enabled.</summary>
    public const string EnableKey = "enableKey";

    /// <summary>A key was disabled.</summary>
    public const string DisableKey = "disableKey";

    /// <summary>A change of a key left its status as it was.</summary>
    public const string UpdateKey = "updateKey";

    /// <summary>A key was removed.</summary>
    public const string RemoveKey = "removeKey";

    /// <summary>A set was removed with its keys.</summary>
    public const string DeleteKeySet = "deleteKeySet";

    /// <summary>A read was refused.</summary>
    public const string Read = "read";

    /// <summary>A change was refused.</summary>
    public const string Write = "write";

    /// <summary>A read of the audit events was refused.</summary>
    public const string ReadAudit = "readAudit";
}

/// <summary>How what an <see cref="AuditEvent"/> is about has ended.</summary>
public static class AuditResults
{
    /// <summary>It was done.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>It was refused for lack of a permission.</summary>
    public const string Denied = "denied";
}

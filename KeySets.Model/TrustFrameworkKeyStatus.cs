namespace KeySets.Model;

/// <summary>Whether a key is in use. The cloud API and the database use the same numbers.</summary>
[InMetadata(
    "Whether a key is in use: enabled or disabled. unknownFutureValue is not a status; it says to clients that further "
    + "ones may follow.")]
public enum TrustFrameworkKeyStatus
{
    /// <summary>The key can be the active one, and its public part is published.</summary>
    Enabled = 0,

    /// <summary>The key is kept, but it is never active and never published.</summary>
    Disabled = 1,

    /// <summary>Not a status: it tells clients that more values may follow.</summary>
    UnknownFutureValue = 2,
}

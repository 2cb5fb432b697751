namespace KeySets.Model;

/// <summary>The limits of the contract. A request that exceeds one is refused.</summary>
public static class Limits
{
    /// <summary>The largest body of a request, in bytes.</summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>The longest id of a key set, in characters.</summary>
    public const int IdLength = 128;

    /// <summary>The longest kid, in UTF-16 code units: a kid is part of an index and a segment of a URL.</summary>
    public const int KidLength = 256;

    /// <summary>The most keys of a set.</summary>
    public const int KeysOfSet = 100;
}

namespace KeySets.Benchmarks.Servers;

/// <summary>The files in the folder of a server's data.</summary>
internal static class DataFiles
{
    /// <summary>The database of the service.</summary>
    public const string Service = "keysets.db";

    /// <summary>The key ring of the service.</summary>
    public const string KeyRing = "key-ring";

    /// <summary>The database of the bare handler.</summary>
    public const string Bare = "bare.db";
}

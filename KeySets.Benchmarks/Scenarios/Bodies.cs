namespace KeySets.Benchmarks.Scenarios;

/// <summary>The bodies of writes.</summary>
internal static class Bodies
{
    // That of RFC 7515 appendix A.1.
    private const string Secret =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    /// <summary>A set with a secret of 64 bytes, without an id: the server makes one.</summary>
    public const string Set = $$"""{"keys":[{"kty":"oct","use":"sig","k":"{{Secret}}"}]}""";

    /// <summary>The number of sets in a change set.</summary>
    public const int SetsOfChangeSet = 10;

    /// <summary>A batch that creates ten sets, or none.</summary>
    public static string ChangeSet { get; } = $$"""{"requests":[{{string.Join(',', Enumerable.Range(1, SetsOfChangeSet)
        .Select(Part))}}]}""";

    private static string Part(int id) =>
        $$"""{"id":"{{id}}","atomicityGroup":"g","method":"POST","url":"trustFramework/keySets","body":{{Set}}}""";
}

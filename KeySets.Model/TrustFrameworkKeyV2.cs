namespace KeySets.Model;

/// <summary>
/// A key as an entity, at <c>/trustFramework/keySets('{id}')/keys_v2('{kid}')</c>: the same members, and the status.
/// The kid is its key in the sense of OData.
/// </summary>
/// <param name="key">The key.</param>
/// <param name="set">The set that contains the key. Its revision is the ETag of the key too.</param>
[InMetadata(
    "A key of a set as an entity: the same key as in keys, addressed by its kid, with its status. "
    + "To add one, POST it to keys, or call an operation of the set.")]
public sealed class TrustFrameworkKeyV2(TrustFrameworkKey key, TrustFrameworkKeySet set)
{
    /// <inheritdoc cref="TrustFrameworkKey.K" />
    public string? K => key.K;

    /// <inheritdoc cref="TrustFrameworkKey.X5c" />
    public IList<string> X5c => key.X5c;

    /// <inheritdoc cref="TrustFrameworkKey.X5t" />
    public string? X5t => key.X5t;

    /// <inheritdoc cref="TrustFrameworkKey.Kty" />
    public string? Kty => key.Kty;

    /// <inheritdoc cref="TrustFrameworkKey.Use" />
    public string? Use => key.Use;

    /// <inheritdoc cref="TrustFrameworkKey.Exp" />
    public long? Exp => key.Exp;

    /// <inheritdoc cref="TrustFrameworkKey.Nbf" />
    public long? Nbf => key.Nbf;

    /// <inheritdoc cref="TrustFrameworkKey.Kid" />
    [InMetadata(
        "The key id, which addresses the key within its set (RFC 7517 section 4.5). It never changes.",
        IsKey = true,
        MaxLength = Limits.KidLength)]
    public string Kid => key.Kid!;

    /// <inheritdoc cref="TrustFrameworkKey.E" />
    public string? E => key.E;

    /// <inheritdoc cref="TrustFrameworkKey.N" />
    public string? N => key.N;

    /// <inheritdoc cref="TrustFrameworkKey.D" />
    public string? D => key.D;

    /// <inheritdoc cref="TrustFrameworkKey.P" />
    public string? P => key.P;

    /// <inheritdoc cref="TrustFrameworkKey.Q" />
    public string? Q => key.Q;

    /// <inheritdoc cref="TrustFrameworkKey.Dp" />
    public string? Dp => key.Dp;

    /// <inheritdoc cref="TrustFrameworkKey.Dq" />
    public string? Dq => key.Dq;

    /// <inheritdoc cref="TrustFrameworkKey.Qi" />
    public string? Qi => key.Qi;

    /// <summary>Whether the key is in use.</summary>
    [InMetadata(
        "Whether the key is in use: a disabled key is never the active one and is not published. The only member that "
        + "can be changed.")]
    public TrustFrameworkKeyStatus Status => key.Status;

    /// <summary>The set that contains the key. It is not part of the payload.</summary>
    public TrustFrameworkKeySet KeySet => set;
}

namespace KeySets.Benchmarks.Bare;

/// <summary>The queries of the bare handler. All but the last give the columns of <see cref="BareRows"/>.</summary>
internal enum BareQuery
{
    /// <summary>The set with an id.</summary>
    Set,

    /// <summary>The 101 sets behind an id.</summary>
    Page,

    /// <summary>The sets that have a kid.</summary>
    ByKid,

    /// <summary>The key of a set that is active at a time.</summary>
    Active,

    /// <summary>The tag of a set.</summary>
    Tag,
}

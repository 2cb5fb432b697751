namespace KeySets.Api.Data;

/// <summary>What is there of the tables of this version.</summary>
public enum StoredTables
{
    /// <summary>There are none: the database is new.</summary>
    None,

    /// <summary>An earlier version has made them. The next start upgrades them.</summary>
    Older,

    /// <summary>They are those of this version.</summary>
    Current,

    /// <summary>A later version has changed them. This version cannot use them.</summary>
    Newer,
}

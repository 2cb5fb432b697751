namespace KeySets.Tests.Support;

/// <summary>A database for one service under test. The same tests run on every database of the service.</summary>
public abstract class TestDatabase
{
    /// <summary>The settings that make the service use it.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Creates a database in a folder.</summary>
    public static TestDatabase Create(TemporaryFolder folder) => new SqliteTestDatabase(folder);

    /// <summary>Closes the connections that a pool keeps open.</summary>
    public abstract void CloseConnections();
}

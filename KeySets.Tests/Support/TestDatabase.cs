using KeySets.Model;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace KeySets.Tests.Support;

/// <summary>
/// A database for one service under test. The same tests run on every database of the service
/// (<see cref="OnEveryDatabaseAttribute"/>).
/// </summary>
public abstract class TestDatabase
{
    /// <summary>The settings that make the service use it.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Creates a database of the kind that the running fixture is for.</summary>
    /// <param name="folder">The folder of a database that has one.</param>
    public static TestDatabase Create(TemporaryFolder folder) => FixtureHas(OnEveryDatabaseAttribute.Property)
        ? new PostgreSqlTestDatabase()
        : new SqliteTestDatabase(folder);

    /// <summary>Whether the running fixture has a property.</summary>
    public static bool FixtureHas(string property)
    {
        ITest? test = TestExecutionContext.CurrentContext.CurrentTest;
        while (test is not null && !test.Properties.ContainsKey(property))
        {
            test = test.Parent;
        }

        return test is not null;
    }

    /// <summary>All that the database has stored, as it lies on the disk.</summary>
    public abstract byte[] ReadStored();

    /// <summary>The private members of a stored key; null if it has none.</summary>
    public abstract Task<PrivateMembers?> PrivateMembersAsync(string id, string kid);

    /// <summary>Waits until nothing runs any more that a killed service has begun.</summary>
    public virtual Task WaitForRestAsync() => Task.CompletedTask;

    /// <summary>Closes the connections that a pool keeps open, and removes what is left of the database.</summary>
    public abstract void Close();
}

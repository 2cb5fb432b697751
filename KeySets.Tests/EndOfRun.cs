using KeySets.Tests.Support;

namespace KeySets.Tests;

/// <summary>What remains to be done when all fixtures have run.</summary>
[SetUpFixture]
public sealed class EndOfRun
{
    /// <summary>Drops the database that others were copies of.</summary>
    [OneTimeTearDown]
    public void DropTemplate() => PostgreSqlTestDatabase.DropTemplate();

    /// <summary>Deletes the program that was published.</summary>
    [OneTimeTearDown]
    public void DeletePublishedProgram() => PublishedProgram.Delete();
}

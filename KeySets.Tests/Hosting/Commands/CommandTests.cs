using KeySets.Tests.Support;

namespace KeySets.Tests.Hosting.Commands;

/// <summary>How commands are called.</summary>
public sealed class CommandTests : ProcessTests
{
    [TestCase("has no command 'bakup'. It has backup FILE, restore FILE, copy --to:…", "bakup", "x")]
    [TestCase("cannot back up. The command is backup FILE", "backup")]
    [TestCase("cannot back up. The command is backup FILE", "backup", "--Database:Provider=Sqlite")]
    [TestCase("cannot back up. The command is backup FILE", "backup", "x", "y")]
    [TestCase("cannot restore. The command is restore FILE", "restore", "")]
    [TestCase("cannot copy. The command is copy --to:…", "copy", "x")]
    [TestCase("cannot copy. Set to:ConnectionStrings:KeySets", "copy", "--to:Database:Provider=Sqlite")]
    [TestCase("no setting to:Provider", "copy", "--to:Provider=Sqlite", "--to:ConnectionStrings:KeySets=Data Source=x")]
    [TestCase("The target cannot be used. There is no setting Database:Provder", "copy",
        "--to:Database:Provder=Sqlite", "--to:ConnectionStrings:KeySets=Data Source=x")]
    [TestCase("cannot back up. There is no setting Database:Provder", "backup", "x", "--Database:Provder", "Sqlite")]
    public async Task Says_what_is_right_and_makes_nothing(string reason, params string[] arguments)
    {
        await KeySetsCommand.FailAsync(reason, Folder.FullPath, arguments);

        Assert.That(Directory.EnumerateFileSystemEntries(Folder.FullPath), Is.Empty);
    }

    [TestCase("back up. There are no tables", "backup")]
    [TestCase("copy. There are no key sets", "copy", "--to:ConnectionStrings:KeySets=Data Source=there/x.db")]
    public async Task Makes_no_database_where_none_is(string reason, params string[] arguments)
    {
        string[] file = arguments.Length == 1 ? [Folder.File("backup")] : [];
        await KeySetsCommand.FailAsync(reason, Folder.FullPath, [arguments[0], .. file, .. arguments[1..]]);

        Assert.That(Directory.EnumerateFileSystemEntries(Folder.FullPath), Is.Empty);
    }

    [Test]
    public async Task Moves_no_database_in_memory() => await KeySetsCommand.FailAsync(
        "It is in memory",
        Folder.FullPath,
        "backup",
        Folder.File("x"),
        "--ConnectionStrings:KeySets=Data Source=:memory:");

    [Test]
    public async Task Shows_the_commands_in_the_help() => Assert.That(
        await KeySetsCommand.SucceedAsync(Folder.FullPath, "--help"),
        Does.Contain("backup FILE ").And.Contain("restore FILE ").And.Contain("copy --to:… "));
}

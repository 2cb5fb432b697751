using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Servers;
using KeySets.Benchmarks.Tables;
using Microsoft.Data.Sqlite;

namespace KeySets.Benchmarks.Runs;

/// <summary>What the figures depend on.</summary>
internal static class Machine
{
    private const int Commits = 500;
    private const int LettersOfCommit = 9;

    /// <summary>Describes the machine, and the builds that run on it.</summary>
    /// <param name="folder">A folder on the disk that the databases are on.</param>
    /// <param name="programs">The programs.</param>
    public static string Describe(string folder, IEnumerable<ServerProgram> programs)
    {
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(1024, 3);
        string builds = string.Join(
            ", ",
            programs.Where(program => !program.IsBare).Select(program => $"{program.Name} is {VersionOf(program)}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Measured on {TimeProvider.System.GetLocalNow():d MMMM yyyy}: {Environment.ProcessorCount} processors, "
            + $"which servers and client share, {memory:N0} GiB of memory, {RuntimeInformation.OSDescription}, "
            + $"{RuntimeInformation.FrameworkDescription}. A durable commit of "
            + $"SQLite took {Table.Number(CommitMilliseconds(folder))} ms. {builds}.");
    }

    private static string VersionOf(ServerProgram program) =>
        FileVersionInfo.GetVersionInfo(program.Arguments[0]).ProductVersion is { } version
            ? version[..Math.Min(version.Length, version.IndexOf('+', StringComparison.Ordinal) + LettersOfCommit)]
            : "of an unknown version";

    /// <summary>The time of a commit of SQLite, which tells more of a disk here than its name.</summary>
    private static double CommitMilliseconds(string folder)
    {
        SqliteConnectionStringBuilder settings =
            new() { DataSource = Path.Combine(folder, "commits.db"), Pooling = false };
        using SqliteConnection connection = new(settings.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE Commits (Number)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO Commits VALUES (1)";
        return Rounds.MedianOf(Enumerable.Range(0, Commits).Select(_ =>
        {
            long before = Stopwatch.GetTimestamp();
            command.ExecuteNonQuery();
            return Stopwatch.GetElapsedTime(before).TotalMilliseconds;
        }));
    }
}

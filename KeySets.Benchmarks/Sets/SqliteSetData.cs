using KeySets.Benchmarks.Servers;

namespace KeySets.Benchmarks.Sets;

/// <summary>
/// Folders with filled databases. They are kept between runs; servers get copies, which go with the run.
/// </summary>
/// <param name="cache">The folder of the filled databases.</param>
/// <param name="work">The folder of this run.</param>
/// <param name="issuer">The issuer that the service is started with.</param>
/// <param name="progress">Tells what takes long.</param>
internal sealed class SqliteSetData(string cache, string work, TokenIssuer issuer, Progress progress) : ISetData
{
    private readonly Dictionary<(string Service, int Count), string> _filled = [];
    private int _copies;

    /// <inheritdoc />
    public string Name => "SQLite";

    /// <summary>A folder without data.</summary>
    public ServerData Empty()
    {
        string folder = Directory.CreateDirectory(Path.Combine(work, $"data-{++_copies}")).FullName;
        return DataOf(folder);
    }

    /// <inheritdoc />
    public Task<ServerData> EmptyAsync(ServerProgram program, CancellationToken cancellationToken) =>
        Task.FromResult(Empty());

    /// <inheritdoc />
    public async Task<ServerData> FilledAsync(
        ServerProgram program, ServerProgram service, int count, CancellationToken cancellationToken)
    {
        ServerProgram source = program.IsBare ? service : program;
        if (!_filled.TryGetValue((source.Name, count), out string? filled))
        {
            filled = await FilledAsync(source, count, cancellationToken);
            _filled.Add((source.Name, count), filled);
        }

        ServerData copy = Empty();
        foreach (string file in Directory.EnumerateFiles(filled, "*", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(filled, file);
            if (program.IsBare == (name == DataFiles.Bare))
            {
                string target = Path.Combine(copy.Folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }

        return copy;
    }

    private static ServerData DataOf(string folder) => new(
        folder,
        new Dictionary<string, string>
        {
            ["ConnectionStrings__KeySets"] = $"Data Source={Path.Combine(folder, DataFiles.Service)}",
        },
        Path.Combine(folder, DataFiles.Bare));

    /// <remarks>The tables are those of the build, so each build with other tables has files of its own.</remarks>
    private async Task<string> FilledAsync(ServerProgram service, int count, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(cache);
        string partial = Path.Combine(cache, $"{Guid.NewGuid():N}.partial");
        try
        {
            Directory.CreateDirectory(partial);
            await using (await Server.StartAsync(service, DataOf(partial), issuer, cancellationToken))
            {
                // The start creates the tables and the key ring.
            }

            string database = Path.Combine(partial, DataFiles.Service);
            string filled = Path.Combine(cache, $"{count}-{DatabaseFiles.Fingerprint(database)}");
            if (!Directory.Exists(filled))
            {
                progress.Tell($"Filling {filled}");
                SetLoader.Fill(partial, count, cancellationToken);
                DatabaseFiles.CopyToBare(partial);
                Directory.Move(partial, filled);
            }

            return filled;
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }
}

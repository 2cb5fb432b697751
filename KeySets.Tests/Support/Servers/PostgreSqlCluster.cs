namespace KeySets.Tests.Support.Servers;

/// <summary>
/// A primary, and a standby without which the primary confirms no commit (<c>synchronous_commit=remote_apply</c>).
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private const string Memory = "/dev/shm";

    private readonly List<PostgreSqlServer> _servers = [];
    private readonly string _folder;

    private PostgreSqlCluster(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        PostgreSqlPrograms.Own(folder);
    }

    /// <summary>The primary, or the last one that was.</summary>
    public PostgreSqlServer Primary { get; private set; } = null!;

    /// <summary>Its standby; null for none.</summary>
    public PostgreSqlServer? Standby { get; private set; }

    /// <summary>A connection string that names all of its hosts.</summary>
    public string Hosts =>
        $"Host={string.Join(',', _servers.Select(server => $"127.0.0.1:{server.Port}"))};"
        + "Username=postgres;Database=postgres";

    /// <summary>Starts one server.</summary>
    /// <param name="disk">Where its folder is; null for memory, if possible: there it costs no time to sync.</param>
    /// <param name="megabytesOfLog">The size of the files of its write-ahead log.</param>
    public static async Task<PostgreSqlCluster> StartAsync(string? disk = null, int megabytesOfLog = 16)
    {
        PostgreSqlPrograms.Require();
        PostgreSqlCluster cluster = new(Path.Combine(
            disk ?? (Directory.Exists(Memory) ? Memory : Path.GetTempPath()), $"keysets-tests-{Guid.NewGuid():N}"));
        try
        {
            cluster.Primary = await PostgreSqlServer.StartNewAsync(cluster._folder, megabytesOfLog);
            cluster._servers.Add(cluster.Primary);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a standby, and waits until the primary waits for it.</summary>
    public async Task AddStandbyAsync()
    {
        Standby = await Primary.StartStandbyAsync();
        _servers.Add(Standby);
        await Primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
        await Primary.ExecuteAsync("ALTER SYSTEM SET synchronous_commit = 'remote_apply'");
        await Primary.ExecuteAsync("SELECT pg_reload_conf()");
        while (await Primary.ExecuteAsync("SELECT sync_state FROM pg_stat_replication") is not "sync")
        {
            await Task.Delay(20);
        }
    }

    /// <summary>Starts a service that knows the hosts of the cluster.</summary>
    /// <param name="folder">The content root of the service.</param>
    /// <param name="settings">Further settings, as arguments.</param>
    public KeySetsProcess StartService(string folder, params string[] settings) => new(
        folder,
        "Development",
        ["--Database:Provider=PostgreSql", $"--ConnectionStrings:KeySets={Hosts}", .. settings]);

    /// <summary>Makes the standby the primary. It has no standby to wait for.</summary>
    public async Task PromoteStandbyAsync()
    {
        (Primary, Standby) = (Standby!, null);
        await Primary.PromoteAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (PostgreSqlServer server in _servers)
        {
            await server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}

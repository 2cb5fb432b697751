namespace KeySets.Tests.Support.Servers;

/// <summary>
/// A primary, and a standby without which the primary confirms no commit (<c>synchronous_commit=remote_apply</c>).
/// </summary>
public sealed class PostgreSqlCluster : IAsyncDisposable
{
    private readonly string _folder = PostgreSqlPrograms.CreateFolder();
    private readonly List<PostgreSqlServer> _servers = [];

    private PostgreSqlCluster()
    {
    }

    /// <summary>The primary, or the last one that was.</summary>
    public PostgreSqlServer Primary { get; private set; } = null!;

    /// <summary>Its standby; null for none.</summary>
    public PostgreSqlServer? Standby { get; private set; }

    /// <summary>Starts one server.</summary>
    public static async Task<PostgreSqlCluster> StartAsync()
    {
        PostgreSqlPrograms.Require();
        PostgreSqlCluster cluster = new();
        try
        {
            cluster.Primary = await PostgreSqlServer.StartNewAsync(cluster._folder);
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

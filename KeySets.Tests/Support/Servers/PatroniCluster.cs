using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace KeySets.Tests.Support.Servers;

/// <summary>
/// Three servers of PostgreSQL that Patroni looks after, and one of etcd, as <c>docs/operating.md</c> describes them.
/// </summary>
public sealed class PatroniCluster : IAsyncDisposable
{
    private const string Patroni = "/usr/bin/patroni";
    private const string Etcd = "/usr/bin/etcd";
    private const string Memory = "/dev/shm";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _client = new();
    private readonly string _folder = Path.Combine(Memory, $"keysets-tests-{Guid.NewGuid():N}");
    private readonly int _etcd = PostgreSqlServer.FreePort();
    private readonly List<Node> _nodes = [];

    private PatroniCluster()
    {
    }

    /// <summary>A connection string that names all of its hosts.</summary>
    public string Hosts =>
        $"Host={string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Port}"))};Username=postgres;Database=postgres";

    /// <summary>Starts the cluster, and waits until it has a primary and a synchronous standby.</summary>
    public static async Task<PatroniCluster> StartAsync()
    {
        PostgreSqlPrograms.Require();
        if (!File.Exists(Patroni) || !File.Exists(Etcd))
        {
            Assert.Ignore("This needs Patroni and etcd (Debian: patroni, etcd-server).");
        }

        PatroniCluster cluster = new();
        try
        {
            Directory.CreateDirectory(cluster._folder);
            PostgreSqlPrograms.Own(cluster._folder);
            cluster.StartEtcd();
            foreach (string name in (string[])["a", "b", "c"])
            {
                await cluster.StartNodeAsync(name);
            }

            await cluster.LeaderAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection to the server that is the primary now.</summary>
    public async Task<string> PrimaryAsync()
    {
        Node leader = await LeaderAsync();
        return $"Host=127.0.0.1;Port={leader.Port};Username=postgres;Database=postgres;Pooling=False";
    }

    /// <summary>Kills Patroni and PostgreSQL on the machine of the primary, as the loss of the machine does.</summary>
    public async Task LosePrimaryAsync()
    {
        Node leader = await LeaderAsync();
        await LinuxProcesses.KillAsync(LinuxProcesses.Of(leader.Folder));
        _nodes.Remove(leader);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await LinuxProcesses.KillAsync(LinuxProcesses.Of(_folder));
        Directory.Delete(_folder, recursive: true);
        _client.Dispose();
    }

    /// <summary>Waits for a primary that has a synchronous standby.</summary>
    private async Task<Node> LeaderAsync()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string cluster = await TryReadAsync(_nodes[0]);
            JsonArray members = JsonNode.Parse(cluster)!["members"]!.AsArray();
            string? leader = (string?)members.FirstOrDefault(node => (string?)node!["role"] == "leader")?["name"];
            if (members.Any(node => (string?)node!["role"] == "sync_standby")
                && _nodes.Find(node => node.Name == leader) is { } found)
            {
                return found;
            }

            Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(Patience), cluster);
            await Task.Delay(200);
        }
    }

    private async Task<string> TryReadAsync(Node node)
    {
        try
        {
            return await _client.GetStringAsync($"{Url(node.RestPort)}/cluster");
        }
        catch (HttpRequestException)
        {
            return """{"members":[]}""";
        }
    }

    private void StartEtcd()
    {
        string clients = Url(_etcd);
        string peers = Url(PostgreSqlServer.FreePort());
        Drain(PostgreSqlPrograms.Start(
            Etcd, "--name", "etcd", "--data-dir", Path.Combine(_folder, "etcd"), "--listen-client-urls", clients,
            "--advertise-client-urls", clients, "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
            "--initial-cluster", $"etcd={peers}"));
    }

    private async Task StartNodeAsync(string name)
    {
        Node node = new(name, Path.Combine(_folder, name), PostgreSqlServer.FreePort(), PostgreSqlServer.FreePort());
        _nodes.Add(node);
        await File.WriteAllTextAsync($"{node.Folder}.yml", Configuration(node));
        Drain(PostgreSqlPrograms.Start(Patroni, $"{node.Folder}.yml"));
    }

    private string Configuration(Node node) =>
        $"""
        scope: keysets
        name: {node.Name}
        etcd3:
          host: 127.0.0.1:{_etcd}
        restapi:
          listen: 127.0.0.1:{node.RestPort}
          connect_address: 127.0.0.1:{node.RestPort}
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 2
            retry_timeout: 5
            synchronous_mode: true
            synchronous_mode_strict: true
            postgresql:
              use_pg_rewind: true
              parameters:
                synchronous_commit: remote_apply
          initdb:
            - encoding: UTF8
            - locale: C.UTF-8
            - data-checksums
            - no-sync
        postgresql:
          listen: 127.0.0.1:{node.Port}
          connect_address: 127.0.0.1:{node.Port}
          data_dir: {node.Folder}
          bin_dir: {PostgreSqlPrograms.Folder}
          pgpass: {node.Folder}.pgpass
          authentication:
            superuser:
              username: postgres
              password: none
            replication:
              username: replicator
              password: none
          parameters:
            unix_socket_directories: {_folder}
            shared_buffers: 16MB
          pg_hba:
            - local all all trust
            - host all all 127.0.0.1/32 trust
            - host replication all 127.0.0.1/32 trust
        """;

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    /// <remarks>A program whose output nobody reads stops when the pipe is full.</remarks>
    private static void Drain(Process process)
    {
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private sealed record Node(string Name, string Folder, int Port, int RestPort);
}

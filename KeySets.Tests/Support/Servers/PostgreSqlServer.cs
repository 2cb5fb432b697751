using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace KeySets.Tests.Support.Servers;

/// <summary>
/// A PostgreSQL server of a test, on a free port of this machine. A test can kill it, or make it hang.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private readonly string _data;

    private PostgreSqlServer(string data)
    {
        _data = data;
        Port = FreePort();
    }

    /// <summary>Its port on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>A connection to it. Its user may do everything.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Pooling=False";

    /// <summary>Creates and starts a server.</summary>
    /// <param name="folder">A folder of the account of the programs.</param>
    /// <param name="megabytesOfLog">The size of the files of its write-ahead log.</param>
    public static async Task<PostgreSqlServer> StartNewAsync(string folder, int megabytesOfLog = 16)
    {
        PostgreSqlServer server = new(Path.Combine(folder, Guid.NewGuid().ToString("N")));
        await PostgreSqlPrograms.RunAsync(
            "initdb", "-D", server._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
            $"--wal-segsize={megabytesOfLog}");
        await server.StartAsync();
        return server;
    }

    /// <summary>Creates and starts a standby of this server.</summary>
    public async Task<PostgreSqlServer> StartStandbyAsync()
    {
        PostgreSqlServer standby = new(Path.Combine(Path.GetDirectoryName(_data)!, Guid.NewGuid().ToString("N")));
        await PostgreSqlPrograms.RunAsync(
            "pg_basebackup", "-d", $"host=127.0.0.1 port={Port} user=postgres", "-D", standby._data, "-R",
            "-c", "fast");
        await standby.StartAsync();
        return standby;
    }

    /// <summary>Starts it, also after it was killed, and waits until it answers.</summary>
    public Task StartAsync() => PostgreSqlPrograms.RunAsync(
        "pg_ctl", "-D", _data, "-l", $"{_data}.log", "-w", "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=16MB "
        + "-c dynamic_shared_memory_type=mmap",
        "start");

    /// <summary>Starts it if it has ended, as its system does.</summary>
    public Task StartAgainAsync() => Processes() is [] ? StartAsync() : Task.CompletedTask;

    /// <summary>Makes a standby a primary.</summary>
    public Task PromoteAsync() => PostgreSqlPrograms.RunAsync("pg_ctl", "-D", _data, "-w", "promote");

    /// <summary>Kills all of its processes, as the loss of its machine does.</summary>
    public Task KillAsync() => LinuxProcesses.KillAsync(Processes());

    /// <summary>Makes all of its processes hang.</summary>
    public void Pause() => PostgreSqlPrograms.Signal("STOP", Processes());

    /// <summary>Lets them go on.</summary>
    public void Resume() => PostgreSqlPrograms.Signal("CONT", Processes());

    /// <summary>Runs a statement.</summary>
    /// <returns>Its first value.</returns>
    [SuppressMessage("Security", "CA2100", Justification = "The tests write the statements.")]
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using NpgsqlConnection connection = new(ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        string[] told = Told();
        await KillAsync();
        // A segment of memory outlives the server, which would find it at its next start.
        if (told is [.., var memory, _] && memory.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var segment])
        {
            await Process.Start("ipcrm", ["-m", segment]).WaitForExitAsync();
        }
    }

    /// <summary>What the postmaster tells of itself; nothing if it was never started.</summary>
    private string[] Told() =>
        Path.Combine(_data, "postmaster.pid") is var file && File.Exists(file) ? File.ReadAllLines(file) : [];

    /// <summary>The postmaster, which is the first, and its children; none if it does not run.</summary>
    private int[] Processes()
    {
        if (Told() is not [var first, ..])
        {
            return [];
        }

        // After a kill, another process can have the number of the one that was killed.
        int postmaster = int.Parse(first, CultureInfo.InvariantCulture);
        return LinuxProcesses.CommandOf(postmaster)?.Contains(_data, StringComparison.Ordinal) == true
            ? LinuxProcesses.With(postmaster)
            : [];
    }

    /// <summary>A port that nobody listens on.</summary>
    /// <remarks>
    /// Below those that the system gives to clients: one of them could take it while the server is away.
    /// </remarks>
    public static int FreePort()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(20_000, 30_000);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // It is not free.
            }
        }
    }
}

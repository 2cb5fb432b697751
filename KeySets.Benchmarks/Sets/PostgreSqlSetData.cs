using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using KeySets.Benchmarks.Bare.PostgreSql;
using KeySets.Benchmarks.Servers;
using Npgsql;

namespace KeySets.Benchmarks.Sets;

/// <summary>
/// Databases on a server of PostgreSQL, which go with the run. The service fills its own by its command <c>copy</c>,
/// from a database of SQLite.
/// </summary>
/// <param name="server">The connection string of somebody who may create databases.</param>
/// <param name="files">The databases that the sets come from.</param>
/// <param name="progress">Tells what takes long.</param>
[SuppressMessage("Security", "CA2100", Justification = "The texts are constants, and names that are made here.")]
internal sealed class PostgreSqlSetData(string server, SqliteSetData files, Progress progress)
    : ISetData, IAsyncDisposable
{
    private readonly List<string> _names = [];
    private string? _service;

    /// <inheritdoc />
    public string Name => "PostgreSQL";

    /// <inheritdoc />
    public async Task<ServerData> EmptyAsync(ServerProgram program, CancellationToken cancellationToken)
    {
        string name = $"keysets_benchmarks_{Guid.NewGuid():N}";
        await RunAsync(server, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);
        _names.Add(name);
        string connection = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        if (program.IsBare)
        {
            await RunAsync(connection, PostgreSqlSets.Definition, cancellationToken);
        }

        Dictionary<string, string> settings = new()
        {
            ["Database__Provider"] = "PostgreSql",
            ["ConnectionStrings__KeySets"] = connection,
        };
        return new ServerData(files.Empty().Folder, settings, connection);
    }

    /// <inheritdoc />
    public async Task<ServerData> FilledAsync(
        ServerProgram program, ServerProgram service, int count, CancellationToken cancellationToken)
    {
        ServerData data = await EmptyAsync(program, cancellationToken);
        progress.Tell($"Filling a database of PostgreSQL for {program.Name}");
        if (program.IsBare)
        {
            await CopyToBareAsync(_service!, data.Bare, cancellationToken);
        }
        else
        {
            ServerData source = await files.FilledAsync(program, service, count, cancellationToken);
            await CopyAsync(program, source, data, cancellationToken);
            _service = program == service ? data.Bare : _service;
        }

        await RunAsync(data.Bare, "VACUUM (ANALYZE)", cancellationToken);
        return data;
    }

    /// <summary>Describes the server.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(server);
        await connection.OpenAsync(cancellationToken);
        return $"PostgreSQL {connection.ServerVersion}, on the same processors.";
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (string name in _names)
        {
            await RunAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);
        }
    }

    private static async Task RunAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection =
            new(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CopyAsync(
        ServerProgram program, ServerData source, ServerData target, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [.. program.Arguments, "copy", "--to:Database:Provider=PostgreSql"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = source.Folder,
        };
        foreach ((string name, string value) in source.Settings)
        {
            start.Environment[name] = value;
        }

        // It may have a password, which is nobody's business in the list of processes.
        start.Environment["to__ConnectionStrings__KeySets"] = target.Bare;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BenchmarkException($"{program.Name} does not copy its sets.\n{output}\n{await errors}");
        }
    }

    private static async Task CopyToBareAsync(string service, string bare, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection from = new(service);
        await from.OpenAsync(cancellationToken);
        await using NpgsqlConnection to = new(bare);
        await to.OpenAsync(cancellationToken);
        (string From, string To)[] tables =
        [
            ("""SELECT "Id", replace("Revision"::text, '-', '') FROM "KeySets" ORDER BY 1""", "Sets"),
            ("""
            SELECT "KeySetId", "Ordinal", "Kid", "Kty", "Use", "Nbf", "Exp", "E", "N", "SealedMembers" FROM "Keys"
                ORDER BY 1, 2
            """, "Keys"),
        ];
        foreach ((string query, string table) in tables)
        {
            await using NpgsqlRawCopyStream rows = await from.BeginRawBinaryCopyAsync(
                $"COPY ({query}) TO STDOUT (FORMAT binary)", cancellationToken);
            await using NpgsqlRawCopyStream copies = await to.BeginRawBinaryCopyAsync(
                $"COPY {table} FROM STDIN (FORMAT binary)", cancellationToken);
            await rows.CopyToAsync(copies, cancellationToken);
        }
    }
}

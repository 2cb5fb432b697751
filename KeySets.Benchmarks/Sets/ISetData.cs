using KeySets.Benchmarks.Servers;

namespace KeySets.Benchmarks.Sets;

/// <summary>Databases for servers.</summary>
internal interface ISetData
{
    /// <summary>What the databases are, for the tables.</summary>
    string Name { get; }

    /// <summary>A database without data, which the server makes its tables in.</summary>
    Task<ServerData> EmptyAsync(ServerProgram program, CancellationToken cancellationToken);

    /// <summary>A database with sets.</summary>
    /// <param name="program">The program of the server.</param>
    /// <param name="service">The service whose tables the sets come from.</param>
    /// <param name="count">The number of sets.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    Task<ServerData> FilledAsync(
        ServerProgram program, ServerProgram service, int count, CancellationToken cancellationToken);
}

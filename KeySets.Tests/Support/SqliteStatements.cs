using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using KeySets.Api.Data.Sqlite;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Support;

/// <summary>Collects the statements that EF Core sends to SQLite, and has SQLite explain them.</summary>
public sealed class SqliteStatements : DbCommandInterceptor
{
    private readonly List<(string Sql, (string Name, object? Value)[] Parameters)> _seen = [];

    /// <summary>The statements, in their order.</summary>
    public IEnumerable<string> Sql => _seen.Select(statement => statement.Sql);

    /// <summary>The same service with another host, whose statements are collected here.</summary>
    public WebApplicationFactory<Program> Watch(KeySetsApplication application) =>
        application.WithWebHostBuilder(builder => builder.ConfigureTestServices(services =>
            services.ConfigureDbContext<SqliteContext>(options => options.AddInterceptors(this))));

    /// <summary>Adds a statement that EF Core does not send.</summary>
    public void Add(string sql, string value) => _seen.Add((sql, [("@p0", value)]));

    /// <summary>Forgets all statements.</summary>
    public void Clear() => _seen.Clear();

    /// <summary>
    /// The steps of the plans of all statements (https://www.sqlite.org/eqp.html), except for reads of subqueries.
    /// </summary>
    [SuppressMessage("Security", "CA2100", Justification = "The service has run the statement.")]
    public async Task<IReadOnlyList<string>> ExplainAsync(string connectionString)
    {
        await using SqliteConnection connection = new(connectionString);
        await connection.OpenAsync();
        List<string> steps = [];
        foreach ((string sql, (string Name, object? Value)[] parameters) in _seen)
        {
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
            foreach ((string name, object? value) in parameters)
            {
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            }

            await using DbDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                steps.Add(reader.GetString(3));
            }
        }

        string[] subqueries = [.. steps.Where(step => step.StartsWith("CO-ROUTINE ", StringComparison.Ordinal))
            .Select(step => step.Replace("CO-ROUTINE", "SCAN", StringComparison.Ordinal))];
        return [.. steps.Except(subqueries)];
    }

    /// <inheritdoc />
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        _seen.Add((
            command.CommandText,
            [.. command.Parameters.Cast<DbParameter>().Select(one => (one.ParameterName, one.Value))]));
        return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
    }
}

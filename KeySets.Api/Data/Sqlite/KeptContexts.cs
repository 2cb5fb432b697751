using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;

namespace KeySets.Api.Data.Sqlite;

/// <summary>
/// Contexts whose connections stay open. To open a connection and to prepare a statement takes longer than to read a
/// set.
/// </summary>
/// <param name="options">The options of the contexts.</param>
/// <param name="file">The file of the database; null for a database in memory.</param>
public sealed class KeptContexts(DbContextOptions<SqliteContext> options, DatabaseFile? file = null) : IDisposable
{
    // SQLite runs on the thread of its caller, so hardly more are ever in use at once.
    private static readonly int Most = 2 * Environment.ProcessorCount;

    private readonly ConcurrentBag<SqliteContext> _idle = [];

    /// <summary>Runs a read of rows by one of the contexts.</summary>
    /// <param name="read">The read.</param>
    /// <param name="subject">What it reads.</param>
    public async ValueTask<T> RunAsync<TSubject, T>(Func<KeySetRows, TSubject, ValueTask<T>> read, TSubject subject)
    {
        if (file is { IsMissed: true, IsThere: false })
        {
            // They could go on reading a file that was deleted or replaced.
            CloseIdle();
        }

        SqliteContext context = _idle.TryTake(out SqliteContext? idle) ? idle : await OpenAsync();
        bool isSound = false;
        try
        {
            T result = await read(context.Rows, subject);
            isSound = true;
            return result;
        }
        finally
        {
            if (isSound && _idle.Count < Most)
            {
                _idle.Add(context);
            }
            else
            {
                await context.DisposeAsync();
            }
        }
    }

    /// <summary>Opens a context that the caller disposes of.</summary>
    public async Task<SqliteContext> OpenAsync()
    {
        SqliteContext context = new(options);
        try
        {
            await context.KeepAsync();
            return context;
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => CloseIdle();

    private void CloseIdle()
    {
        while (_idle.TryTake(out SqliteContext? context))
        {
            context.Dispose();
        }
    }
}

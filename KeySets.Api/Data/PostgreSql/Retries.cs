using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace KeySets.Api.Data.PostgreSql;

/// <summary>
/// Runs work again that has changed nothing and may succeed soon: after a conflict with other writes, and while a
/// server restarts or another one takes its place.
/// </summary>
/// <param name="source">The connections.</param>
public sealed class Retries(NpgsqlDataSource source)
{
    private const int LongestPauseMilliseconds = 500;

    /// <summary>As long as a client of a busy database waits.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Runs some work until it succeeds, fails for good, or patience ends.</summary>
    /// <param name="work">The work. If it fails, it has changed nothing.</param>
    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception exception)
                when (PostgreSqlFailure.IsPassing(exception) && Stopwatch.GetElapsedTime(start) < Patience)
            {
                await PauseAsync(attempt, exception);
            }
        }
    }

    /// <summary>Waits for some milliseconds, which are more with each attempt, and not the same for all.</summary>
    public async Task PauseAsync(int attempt, Exception exception)
    {
        if (PostgreSqlFailure.IsOfServer(exception))
        {
            source.Clear();
        }

        // The first connection of a pool may be the only one that is dead.
        int longest = attempt == 0 ? 1 : Math.Min(LongestPauseMilliseconds, 10 << Math.Min(attempt, 10));
        await Task.Delay(RandomNumberGenerator.GetInt32(longest));
    }
}

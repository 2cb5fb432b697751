using System.Globalization;

namespace KeySets.Api.Data;

/// <summary>The limits of the queries of requests.</summary>
public sealed record QueryLimits
{
    /// <summary>The setting for <see cref="LongestSeconds"/>.</summary>
    public const string LongestSetting = "Database:LongestQuerySeconds";

    private const int MostSeconds = 3600;

    /// <summary>How long a slow query may run.</summary>
    public int LongestSeconds { get; init; } = 30;

    /// <summary>
    /// The instructions after which a query is slow in an embedded database, which computes on the thread that asks it:
    /// 1 to 3 milliseconds. A page of a hundred sets with a few keys each takes 7,000 to 20,000.
    /// </summary>
    public int QuickInstructions { get; init; } = 30_000;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StartupException">One cannot be used.</exception>
    public static QueryLimits Of(IConfiguration configuration)
    {
        if (configuration[LongestSetting] is not { } setting)
        {
            return new QueryLimits();
        }

        return int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds is > 0 and <= MostSeconds
                ? new QueryLimits { LongestSeconds = seconds }
                : throw new StartupException($"{LongestSetting} is not a number of seconds from 1 to {MostSeconds}.");
    }
}

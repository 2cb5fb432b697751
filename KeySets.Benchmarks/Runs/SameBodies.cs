using System.Globalization;
using System.Text;
using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Scenarios;
using KeySets.Benchmarks.Sets;

namespace KeySets.Benchmarks.Runs;

/// <summary>
/// Compares the bodies of the service with those of the bare handler: a handler that sends less would be compared
/// unfairly.
/// </summary>
internal static class SameBodies
{
    /// <summary>The paths of requests, one of each kind, whose answers differ.</summary>
    public static IReadOnlyList<string> Differences(Target service, Target bare)
    {
        // One of each shape of set.
        int[] numbers = [.. service.Numbers.DistinctBy(number => number % 10)];
        string[] paths =
        [
            Target.Sets,
            .. numbers.SelectMany(number => (string[])
            [
                Target.PathOf(number),
                $"{Target.PathOf(number)}/getActiveKey",
                $"{Target.PathOf(number)}/jwks",
                Target.FilterOf(SampleSets.KidOf(number, 0)),
            ]),
        ];
        return [.. paths.Where(path => BodyOf(service, path) != BodyOf(bare, path))];
    }

    private static string BodyOf(Target target, string path)
    {
        using Connection connection = new(target.Server.Port);
        return Encoding.UTF8.GetString(connection.Send(target.Get(path), status: 200).Body).Replace(
            string.Create(CultureInfo.InvariantCulture, $":{target.Server.Port}/"), "/", StringComparison.Ordinal);
    }
}

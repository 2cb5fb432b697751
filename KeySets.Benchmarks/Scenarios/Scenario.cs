using KeySets.Benchmarks.Load;
using KeySets.Benchmarks.Sets;

namespace KeySets.Benchmarks.Scenarios;

/// <summary>Requests of one kind.</summary>
/// <param name="Name">The name of the scenario.</param>
/// <param name="Status">The status of every answer.</param>
/// <param name="Prepare">Prepares a target, and returns what makes the requests of each connection.</param>
internal sealed record Scenario(string Name, int Status, Func<Target, Func<int, Requests>> Prepare)
{
    private const int Tags = 1000;

    /// <summary>All scenarios: first those that read, so that they find what was loaded.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("get", 200, target => Draw(target.Numbers.Select(number => target.Get(Target.PathOf(number))))),
        new("getActiveKey", 200, target => Draw(
            target.Numbers.Select(number => target.Get($"{Target.PathOf(number)}/getActiveKey")))),
        new("jwks", 200, target => Draw(
            target.Numbers.Where(SampleSets.HasRsaKeys).Select(number => target.Get($"{Target.PathOf(number)}/jwks")),
            "\"kty\":\"RSA\"")),
        new("page", 200, target => Draw(Pages.Find(target).Select(page => target.Get(page)), "\"id\":\"", times: 100)),
        new("filter", 200, target => Draw(
            target.Numbers.Select(number => target.Get(Target.FilterOf(SampleSets.KidOf(number, 0)))),
            "\"kid\":\"")),
        new("304", 304, NotModified),
        new("put", 200, Replace),
        new("create", 201, target => Draw([target.Send("POST", Target.Sets, Bodies.Set)])),
        new("changeset", 200, target => Draw(
            [target.Send("POST", "/$batch", Bodies.ChangeSet)], "\"status\":201", Bodies.SetsOfChangeSet)),
    ];

    private static Func<int, Requests> Draw(IEnumerable<byte[]> requests, string mark = "", int times = 1)
    {
        byte[][] all = [.. requests];
        return _ => new RandomRequests(all, mark, mark.Length > 0 ? times : 0);
    }

    private static Func<int, Requests> NotModified(Target target)
    {
        using Connection connection = new(target.Server.Port);
        return Draw(target.Numbers.Take(Tags).Select(number => target.Get(
            Target.PathOf(number), $"If-None-Match: {PutRequests.TagOf(connection, target, number)}\r\n")).ToArray());
    }

    private static Func<int, Requests> Replace(Target target)
    {
        int[][] numbers =
        [
            .. Enumerable.Range(0, RunOptions.MostConnections).Select(connection => target.Numbers
                .Where((_, index) => index % RunOptions.MostConnections == connection).ToArray()),
        ];
        return connection => new PutRequests(target, numbers[connection]);
    }
}

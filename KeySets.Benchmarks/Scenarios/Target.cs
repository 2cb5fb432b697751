using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using KeySets.Benchmarks.Servers;
using KeySets.Benchmarks.Sets;

namespace KeySets.Benchmarks.Scenarios;

/// <summary>A server with its data, and the requests that it takes.</summary>
/// <param name="server">The server.</param>
/// <param name="token">The token of every request.</param>
/// <param name="sets">The number of sets that were loaded.</param>
internal sealed class Target(Server server, string token, int sets)
{
    private const int MostNumbers = 10_000;

    /// <summary>The server.</summary>
    public Server Server => server;

    /// <summary>Its name in the tables.</summary>
    public string Name => server.Program.Name;

    /// <summary>The path of all sets.</summary>
    public static string Sets => "/trustFramework/keySets";

    /// <summary>The numbers of at most 10,000 sets that lie all over the database; the same for each target.</summary>
    public IReadOnlyList<int> Numbers { get; } = Draw(sets);

    /// <summary>The path of a set.</summary>
    public static string PathOf(int number) => $"{Sets}('{SampleSets.IdOf(number)}')";

    /// <summary>The path and query of the sets that have a kid.</summary>
    public static string FilterOf(string kid) => $"{Sets}?$filter=keys/any(k:k/kid%20eq%20'{kid}')";

    /// <summary>The bytes of a GET.</summary>
    /// <param name="path">The path and query.</param>
    /// <param name="headers">Further headers, each with a line end.</param>
    public byte[] Get(string path, string headers = "") => Encoding.UTF8.GetBytes($"{Head("GET", path)}{headers}\r\n");

    /// <summary>The bytes of a request with a body.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">The JSON of the body.</param>
    /// <param name="headers">Further headers, each with a line end.</param>
    public byte[] Send(string method, string path, string body, string headers = "")
    {
        string length = body.Length.ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $"{Head(method, path)}{headers}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
    }

    private string Head(string method, string path) => string.Create(
        CultureInfo.InvariantCulture,
        $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nAuthorization: Bearer {token}\r\n"
        + $"Accept: application/json\r\n");

    [SuppressMessage("Security", "CA5394", Justification = "Each target must draw the same.")]
    private static int[] Draw(int sets)
    {
        Random random = new(1);
        int stride = Math.Max(1, sets / MostNumbers);
        return
        [
            .. Enumerable.Range(0, Math.Min(sets, MostNumbers)).Select(index => (index * stride) + random.Next(stride)),
        ];
    }
}

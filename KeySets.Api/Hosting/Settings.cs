using System.Text.RegularExpressions;

namespace KeySets.Api.Hosting;

/// <summary>
/// The settings of the service's own sections. A setting that is none of them is refused at the start: a typing error
/// would otherwise leave the default in place, and nobody would notice.
/// </summary>
public static partial class Settings
{
    private static readonly (string Name, string Description)[] Known =
    [
        ("ConnectionStrings:KeySets", "a file (Data Source=), :memory:, or a server (Host=; Database=)"),
        ("Database:Provider", "Sqlite, the default, or PostgreSql"),
        ("Database:LongestQuerySeconds", "how long a query may run; by default 30"),
        ("Database:GroupCommit", "whether PostgreSql adds sets together; by default true"),
        ("DataProtection:KeyDirectory", "the folder of the key ring; by default beside the database"),
        ("DataProtection:Certificate:Path", "the certificate that encrypts the key ring: PKCS #12, or PEM"),
        ("DataProtection:Certificate:Password", "the password of a PKCS #12 file"),
        ("DataProtection:Certificate:KeyPath", "the private key beside a PEM file"),
        ("DataProtection:PreviousCertificates:Path", "certificates that have encrypted it before, the same way"),
        ("DataProtection:PreviousCertificates:Password", "their passwords"),
        ("DataProtection:PreviousCertificates:KeyPath", "their private keys"),
        ("Audit:RetentionDays", "how many days audit events are kept; by default for ever"),
        ("KeySets:IdPrefix", "a prefix of the ids of sets, such as B2C_1A_; by default none"),
        ("KeySets:Publish", "whether jwks publishes the keys of sets; by default true"),
        ("KeySets:Cors:Origins", "the origins whose pages may use the service; by default none"),
        ("ReverseProxy:KnownProxies", "the addresses of proxies whose X-Forwarded headers count"),
        ("ReverseProxy:KnownNetworks", "their networks, such as 10.0.0.0/8"),
        ("Health:LeastFreeMebibytes", "the least free space of a disk that is ready; by default 64"),
    ];

    // Others have settings of their own in these sections.
    private static readonly string[] Shared = ["ConnectionStrings"];

    /// <summary>The settings, one per line, for <c>--help</c>.</summary>
    public static string Help { get; } = string.Join(
        '\n', Known.Select(setting => $"  --{setting.Name,-32} {setting.Description}"));

    /// <summary>Refuses settings that do not exist.</summary>
    /// <exception cref="StartupException">There is one. The message names the one that is nearest to it.</exception>
    public static void Check(IConfiguration configuration)
    {
        IEnumerable<string> sections =
            Known.Select(setting => setting.Name.Split(':')[0]).Distinct().Except(Shared);
        foreach (string name in sections
            .SelectMany(section => configuration.GetSection(section).AsEnumerable())
            .Where(setting => !string.IsNullOrEmpty(setting.Value))
            .Select(setting => Index().Replace(setting.Key, "")))
        {
            if (!Known.Any(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                string nearest = Known.Select(setting => setting.Name).MinBy(known => Distance(known, name))!;
                throw new StartupException($"There is no setting {name}. The nearest one is {nearest}.");
            }
        }
    }

    /// <returns>The least number of letters to insert, remove or replace (Levenshtein), in any case.</returns>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                bool isSame = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (isSame ? 0 : 1)));
            }
        }

        return row[^1];
    }

    // Lists have their elements below them.
    [GeneratedRegex(@":\d+(?=:|$)")]
    private static partial Regex Index();
}

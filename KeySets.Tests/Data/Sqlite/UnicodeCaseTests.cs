using KeySets.Api.Data.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data.Sqlite;

/// <summary>The functions for lower and upper case, which know all letters.</summary>
public sealed class UnicodeCaseTests
{
    private static readonly string[] Texts =
    [
        "", "a", "Z", "mixed CASE [`{@", "\u00e4\u00d6", "\u0131\u0130\u017f\u212a", "\ud83d\udd11", "\ud801\udc00",
        "a\0b", "\0\u00e4", "\u00e4\0b", new('x', 512), new('x', 513), new('\u00e4', 300),
        string.Concat(Enumerable.Range(1, 0x2fff).Select(number => (char)number)),
    ];

    [Test]
    public async Task Are_those_of_dotnet()
    {
        await using ServiceProvider services = CreateServices();
        // A pool hands out the same connection again.
        for (int round = 0; round < 2; round++)
        {
            await using SqliteContext context = await CreateContextAsync(services);
            foreach (string text in Texts)
            {
                Assert.That(
                    await context.Database.SqlQuery<string>($"SELECT lower({text}) AS Value").SingleAsync(),
                    Is.EqualTo(text.ToLowerInvariant()));
                Assert.That(
                    await context.Database.SqlQuery<string>($"SELECT upper({text}) AS Value").SingleAsync(),
                    Is.EqualTo(text.ToUpperInvariant()));
            }
        }
    }

    [TestCase(7, "7")]
    [TestCase(1.5, "1.5")]
    [TestCase(new byte[] { 0x61 }, "A")]
    [TestCase(new byte[0], "")]
    [TestCase(new byte[] { 0xff, 0x61 }, "\ufffdA")]
    public async Task Take_any_value(object value, string upper)
    {
        await using ServiceProvider services = CreateServices();
        await using SqliteContext context = await CreateContextAsync(services);

        Assert.That(
            await context.Database.SqlQuery<string>($"SELECT upper({value}) AS Value").SingleAsync(),
            Is.EqualTo(upper));
        Assert.That(
            await context.Database.SqlQuery<string?>($"SELECT upper(NULL) AS Value").SingleAsync(), Is.Null);
    }

    private static ServiceProvider CreateServices()
    {
        ServiceCollection services = new();
        services.AddSqlite(new SqliteConnectionStringBuilder("Data Source=:memory:"));
        return services.BuildServiceProvider();
    }

    private static Task<SqliteContext> CreateContextAsync(ServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<SqliteContext>>().CreateDbContextAsync();
}

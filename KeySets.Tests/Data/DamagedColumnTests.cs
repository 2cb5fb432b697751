using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using KeySets.Api.Data.Sealing;
using KeySets.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KeySets.Tests.Data;

/// <summary>Columns that hold what nobody wrote there: each costs itself, and its set and all others go on.</summary>
public sealed class DamagedColumnTests
{
    private static readonly string[] Addresses =
    [
        "/trustFramework/keySets",
        "/trustFramework/keySets('hurt')",
        "/trustFramework/keySets('hurt')/keys_v2",
        "/trustFramework/keySets?$expand=keys_v2",
        "/trustFramework/keySets?$filter=keys/any(k:k/x5c/any(c:c eq 'x')) or id eq 'whole'",
        "/trustFramework/keySets?$filter=keys/any(k:k/x5c/$count eq 0)",
        "/trustFramework/keySets?$search=whole",
    ];

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return new(
            "X5c",
            """
            '{' 'text' '' '{}' '[1]' '[null]' '[["a"]]' '"a"' 'null' x'ff00' 7 '["\ud800"]' '["a","\udc00b"]'
            """);
        yield return new("Revision", "'no-GUID' '' x'00' 7 '00000000-0000-0000-0000-00000000000g'");
        yield return new("Status", "7 'disabled' -1 99999999999 1.5 x'ff' ''");
        yield return new("Kid", "x'ff' 7 1.5 ''");
        foreach (string column in new[] { "Kty", "Use", "N", "E", "X5t", "Nbf", "Exp", "SealedMembers" })
        {
            yield return new(column, "NULL 'text' x'ff' 7 1.5 ''");
        }
    }

    [TestCaseSource(nameof(Damages))]
    public async Task Fail_neither_a_read_nor_the_removal_of_the_set(string column, string values)
    {
        await using KeySetsApplication application = new();
        await AddAsync(application, "whole");
        foreach (string value in values.Split(' '))
        {
            await AddAsync(application, "hurt");
            await DamageAsync(application, column, value);

            foreach (string address in Addresses)
            {
                HttpResponseMessage answer = await application.Reader.GetAsync(address);
                string body = await answer.Content.ReadAsStringAsync();
                Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"{value}: {address}: {body}");
            }

            HttpResponseMessage removed = await application.Writer.DeleteAsync("/trustFramework/keySets('hurt')");
            Assert.That(
                removed.StatusCode,
                Is.EqualTo(HttpStatusCode.NoContent),
                $"{value}: {await removed.Content.ReadAsStringAsync()}");
        }

        JsonElement rest = await application.Reader.GetFromJsonAsync<JsonElement>("/trustFramework/keySets");
        Assert.That(
            rest.GetProperty("value").EnumerateArray().Select(set => set.GetProperty("id").GetString()),
            Is.EqualTo(["whole"]));
    }

    [TestCase("Revision", "hurt Revision")]
    [TestCase("X5c", "hurt k X5c")]
    [TestCase("Status", "hurt k Status")]
    public async Task Are_named_in_the_log_and_at_readiness(string column, string named)
    {
        using LogCollector log = new();
        await using KeySetsApplication application = new() { Log = log };
        await AddAsync(application, "hurt");
        await DamageAsync(application, column, "'text'");

        await application.Services.GetRequiredService<SealedRows>().ScanAsync(CancellationToken.None);

        const string Sum = "Degraded: the private members of 0 keys do not open, 1 columns cannot be read";
        Assert.That(log.Lines, Has.Some.Contains($"cannot be read: {named}."));
        Assert.That(await application.Reader.GetStringAsync("/health/ready"), Is.EqualTo($"{Sum}:\n{named}"));
        Assert.That(
            await application.Anonymous.GetStringAsync("/health/ready"),
            Is.EqualTo($"{Sum}."),
            "names are for those who may read");
    }

    [Test]
    public async Task Disable_a_key_whose_status_cannot_be_read()
    {
        await using KeySetsApplication application = new();
        await AddAsync(application, "hurt");
        Assert.That(
            (await application.Reader.GetAsync("/trustFramework/keySets('hurt')/getActiveKey")).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));

        await DamageAsync(application, "Status", "'text'");

        Assert.That(
            (await application.Reader.GetAsync("/trustFramework/keySets('hurt')/getActiveKey")).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));
        HttpResponseMessage enabled = await application.Writer.PatchAsync(
            "/trustFramework/keySets('hurt')/keys_v2('k')", JsonContent.Create(new { status = "enabled" }));
        Assert.That(enabled.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(
            await application.Reader.GetStringAsync("/trustFramework/keySets('hurt')/keys_v2('k')/status/$value"),
            Is.EqualTo("enabled"));
    }

    private static async Task AddAsync(KeySetsApplication application, string id)
    {
        HttpResponseMessage created = await application.Writer.CreateAsync(
            $$"""{"id":"{{id}}","keys":[{"kty":"oct","kid":"k","k":"bGFzdA"}]}""");
        Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await application.ScanOfStart;
    }

    private static async Task DamageAsync(KeySetsApplication application, string column, string value)
    {
        string row = column == "Revision" ? "KeySets SET Revision = {0} WHERE Id" : "Keys SET {1} = {0} WHERE KeySetId";
        string statement = $"UPDATE {string.Format(CultureInfo.InvariantCulture, row, value, column)} = 'hurt'";
        // EF Core takes braces for places of parameters.
        string escaped =
            statement.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        Assert.That(
            await application.Rows.ReadAsync(context => context.Database.ExecuteSqlRawAsync(escaped)), Is.EqualTo(1));
    }
}

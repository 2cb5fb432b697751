using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary>The query options of <c>GET /trustFramework/auditEvents</c>, and who can read them.</summary>
public sealed class AuditQueriesTests : AuditTests
{
    [SetUp]
    public async Task Change()
    {
        await Writer.SendJsonAsync(HttpMethod.Put, Set, """{"keys":[{"kty":"x","kid":"it's"}]}""");
        await Application.Reader.DeleteAsync(Set);
        await Writer.DeleteAsync($"{Set}/keys");
    }

    [Test]
    public async Task Shows_the_newest_first()
    {
        JsonObject page = await (await Auditor.GetAsync($"{Events}?$top=3")).JsonAsync();

        Assert.That((string?)page["@odata.context"], Does.EndWith("/$metadata#Collection(keysets.audit.auditEvent)"));
        Assert.That(
            page["value"]!.AsArray().Select(one => (string)one!["operation"]!),
            Is.EqualTo(["replaceKeys", "write", "replaceKeys"]));
    }

    [TestCase("operation eq 'replaceKeys'", 2)]
    [TestCase("result eq 'denied' and startswith(request,'DELETE')", 1)]
    [TestCase("kids/any(kid:kid eq 'it''s')", 1)]
    [TestCase("kids/$count eq 1", 1)]
    [TestCase("at ge 2020-01-01T00:00:00Z", 4)]
    [TestCase("at lt 2020-01-01T00:00:00Z", 0)]
    [TestCase("sequence gt 2", 2)]
    [TestCase("previousHash eq null", 1)]
    [TestCase("revision eq null", 1)]
    [TestCase("revision ne 00000000-0000-0000-0000-000000000000 and revision ne null", 3)]
    [TestCase("issuer eq 'https://issuer.example'", 4)]
    [TestCase("contains(subject,'x') or subject eq null", 4)]
    public async Task Filters_and_counts(string filter, int count)
    {
        string all = $"keySetId eq '{Id}' and ({filter})";

        HttpResponseMessage page = await Auditor.GetAsync($"{Events}?$count=true&$filter={Uri.EscapeDataString(all)}");

        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.OK), await page.Content.ReadAsStringAsync());
        Assert.That((int)(await page.JsonAsync())["@odata.count"]!, Is.EqualTo(count));
        Assert.That((await page.JsonAsync())["value"]!.AsArray(), Has.Count.EqualTo(count));
        Assert.That(
            await Auditor.GetStringAsync($"{Events}/$count?$filter={Uri.EscapeDataString(all)}"),
            Is.EqualTo($"{count}"));
    }

    [TestCase("")]
    [TestCase("&$orderby=at")]
    [TestCase("&$orderby=operation desc,at")]
    [TestCase("&$orderby=subject,sequence desc")]
    public async Task Pages_through_all_events_once_in_every_order(string order)
    {
        string url = $"{Events}?$filter=keySetId eq '{Id}'{order}";
        JsonArray whole = (await (await Auditor.GetAsync(url)).JsonAsync())["value"]!.AsArray();
        List<string> paged = [];
        for (string? next = url; next is not null;)
        {
            JsonObject page =
                await (await Auditor.GetAsync(next, ("Prefer", "odata.maxpagesize=1"))).JsonAsync();
            Assert.That(page["value"]!.AsArray(), Has.Count.EqualTo(1));
            paged.Add((string)page["value"]![0]!["hash"]!);
            next = (string?)page["@odata.nextLink"];
        }

        Assert.That(paged, Is.EqualTo(whole.Select(one => (string)one!["hash"]!)).And.Count.EqualTo(4));
    }

    [Test]
    public async Task Selects_members_and_skips_events()
    {
        JsonObject page = await (await Auditor.GetAsync(
            $"{Events}?$filter=keySetId eq '{Id}'&$orderby=sequence&$select=operation,kids&$skip=1&$top=1"))
            .JsonAsync();

        JsonObject one = page["value"]!.AsArray().Single()!.AsObject();
        Assert.That(one.Select(member => member.Key), Is.EqualTo(["operation", "kids"]));
        Assert.That((string?)one["kids"]![0], Is.EqualTo("it's"));
    }

    [TestCase("keysets.audit.auditEvents")]
    [TestCase("keysets.audit.auditEvents()")]
    [TestCase("auditEvents()")]
    [TestCase("auditEvents/")]
    public async Task Has_the_names_of_a_function(string name)
    {
        HttpResponseMessage page = await Auditor.GetAsync($"/trustFramework/{name}?$top=1");

        Assert.That((await page.JsonAsync())["value"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [TestCase("?$filter=year(at) eq 2026", HttpStatusCode.NotImplemented)]
    [TestCase("?$filter=nothing eq 1", HttpStatusCode.BadRequest)]
    [TestCase("?$orderby=kids", HttpStatusCode.BadRequest)]
    [TestCase("?$expand=keySetId", HttpStatusCode.BadRequest)]
    [TestCase("?$search=x", HttpStatusCode.BadRequest)]
    [TestCase("?$skiptoken=x", HttpStatusCode.BadRequest)]
    [TestCase("?$skiptoken=W251bGwsbnVsbCxudWxsXQ", HttpStatusCode.BadRequest)]
    [TestCase("?$skiptoken=W251bGwsIngiLDFd", HttpStatusCode.BadRequest)]
    public async Task Refuses_what_it_cannot_do(string query, HttpStatusCode status)
    {
        HttpResponseMessage answer = await Auditor.GetAsync($"{Events}{query}");

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That((await answer.JsonAsync())["error"], Is.Not.Null);
    }

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("PATCH")]
    [TestCase("DELETE")]
    public async Task Cannot_be_written(string method) => Assert.That(
        (await Auditor.SendJsonAsync(new HttpMethod(method), Events, "{}")).StatusCode,
        Is.EqualTo(HttpStatusCode.MethodNotAllowed));

    [TestCase(KeySetsApplication.Read)]
    [TestCase(KeySetsApplication.ReadWrite)]
    public async Task Needs_a_permission_that_no_other_one_includes(string permission)
    {
        HttpResponseMessage answer =
            await Application.ClientWith(Application.Issuer.CreateToken(permission)).GetAsync(Events);

        await answer.AssertErrorAsync(HttpStatusCode.Forbidden, "Authorization_RequestDenied");
        Assert.That(answer.Header("WWW-Authenticate"), Does.EndWith($"scope=\"{KeySetsApplication.ReadAudit}\""));
    }

    [Test]
    public async Task Has_a_permission_that_includes_no_other_one()
    {
        Assert.That(
            (await Auditor.GetAsync(HttpExtensions.KeySets)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await Auditor.DeleteAsync(Set)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task Answers_HEAD_and_requests_of_batches()
    {
        Assert.That((await Auditor.SendAsync(HttpMethod.Head, Events)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (int)(await Auditor.BatchAsync("", [Batches.Request("1", "GET", $"{Events}?$top=1")]))["1"]["status"]!,
            Is.EqualTo(200));
    }
}

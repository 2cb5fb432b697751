using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary>No query reveals anything about a private member.</summary>
public sealed class PrivateMembersInQueriesTests : ApiTests
{
    private const string Message = "The private members k, d, p, q, dp, dq and qi can be written, not queried.";

    private static readonly string[] Members = ["k", "d", "p", "q", "dp", "dq", "qi"];

    private static IEnumerable<TestCaseData> Queries() =>
        from member in (string[])[.. Members, "K", "Dp"]
        from query in (string[])
        [
            "?$filter=keys/any(x:x/{0} eq 'a')", "?$filter=keys/any(x:startswith(x/{0},'a'))",
            "?$filter=keys/all(x:x/{0} ne null)",
            "?$filter=keys/any(x:length(x/{0}) gt 1)", "?$filter=keys/any(x:x/{0} in ('a','b'))",
            "?$filter=keys/any(x:x/kid eq x/{0})",
            "?$filter=keys/$count($filter={0} eq 'a') gt 0", "?$filter=true or keys/any(x:x/{0} eq null)",
            "?$orderby=keys/$count($filter={0} eq 'a')", "?$orderby=keys/any(x:x/{0} eq 'a')",
            "?$select=keys/{0}", "?$select=id,keys($select={0})", "?$select=*,keys/{0}", "?$select=keys($select=*,{0})",
            "?$select=keys($filter={0} eq 'a')", "?$select=keys($orderby={0})",
            "/$count?$filter=keys/any(x:x/{0} eq 'a')", "('none')?$select=keys/{0}",
            "('none')/keys?$filter={0} eq 'a'", "('none')/keys?$orderby={0} desc", "('none')/keys?$select={0}",
            "('none')/keys/$count?$filter={0} eq 'a'",
            "?$filter=keys/any(x:matchesPattern(x/{0},'a'))", "?$filter=keys/any(x:cast(x/{0},Edm.String) eq 'a')",
            "?$filter=keys/any(x:x/{0} divby 2 eq 1)",
            "?$filter=keys/any(x:x/{0})", "?$filter=keys/any(x:tolower(x/{0}) gt 5)",
            "?$filter=keys/any(x:x/{0}/$count gt 1)", "?$orderby=keys/{0}",
            "?$filter=keys/any(x:@p eq 'a')&@p=x/{0}", "?$filter=$it/keys/any(x:x/{0} eq",
            "('none')/keys?$filter=tolower({0}) gt 5",
            "?$filter=keys/{0} eq 'a'", "?$compute=keys/{0} as z", "?apply=groupby((keys/{0}))",
            "?$filter=true&$foo=keys/{0}", "?$select=keys/{0}&$select=id",
            "('none')?$filter=keys/any(x:x/{0} eq 'a')", "?$filter=keys/any(x:x/kid eq @p)&@p=x/{0}&$top=-1",
        ]
        select new TestCaseData(string.Format(null, query, member));

    [TestCaseSource(nameof(Queries))]
    public async Task Refuses_private_members_anywhere_in_a_query(string query) =>
        await AssertRefusedAsync($"{HttpExtensions.KeySets}{query}");

    [TestCase("$filter=keys/any(x:x/k eq 'a')")]
    [TestCase("$orderby=keys/$count($filter=d eq 'a')")]
    [TestCase("$select=keys/qi")]
    [TestCase("$select=keys($filter=dp eq 'a')")]
    public async Task Refuses_private_members_in_an_expansion(string option) =>
        await AssertRefusedAsync($"/trustFramework?$expand=keySets({option})");

    private async Task AssertRefusedAsync(string url)
    {
        HttpResponseMessage response = await Writer.GetAsync(url);

        JsonNode error = (await response.JsonAsync())["error"]!;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), (string?)error["message"]);
        Assert.That((string?)error["message"], Is.EqualTo(Message));
        Assert.That((string?)error["code"], Is.EqualTo("BadRequest"));
        Assert.That(url, Does.Contain($"{((string)error["target"]!)[1..]}="));
    }
}

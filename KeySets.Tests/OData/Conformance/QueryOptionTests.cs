using System.Net;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section D: system query options.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class QueryOptionTests(string root) : ConformanceTests(root)
{
    [Row("D1")]
    [TestCase("$select=id", """{"id":"set1"}""")]
    [TestCase("$select=id,keys/kid", """{"id":"set1","keys":[{"kid":"a1"},{"kid":"b1"}]}""")]
    [TestCase("$select=keys/kid", """{"keys":[{"kid":"a1"},{"kid":"b1"}]}""")]
    [TestCase("$select=keys($select=kid,kty)", """{"keys":[{"kty":"EC","kid":"a1"},{"kty":"EC","kid":"b1"}]}""")]
    [TestCase("$select=keys(select=kid;TOP=1)", """{"keys":[{"kid":"a1"}]}""")]
    [TestCase("select=Keys(Filter=kid ne '(top=1;select=kid)';select=kid;top=1)", """{"keys":[{"kid":"a1"}]}""")]
    [Row("D13")]
    [TestCase("$select=keys($filter=use eq 'sig';$select=kid)", """{"keys":[{"kid":"a1"}]}""")]
    [TestCase("$select=keys($orderby=exp desc;$top=1;$select=kid)", """{"keys":[{"kid":"b1"}]}""")]
    [TestCase("$select=keys($filter=kid ne ',*,';$top=1;$select=kid)", """{"keys":[{"kid":"a1"}]}""")]
    [TestCase("$select=keys($skip=1;$select=kid)", """{"keys":[{"kid":"b1"}]}""")]
    [TestCase("$select=keys($skip=4294967297;$select=kid)", """{"keys":[]}""")]
    [TestCase("$select=keys($top=4294967297;$select=kid)", """{"keys":[{"kid":"a1"},{"kid":"b1"}]}""")]
    [TestCase("$select=keys($top=1;$count=true;$select=kid)", """{"keys@odata.count":2,"keys":[{"kid":"a1"}]}""")]
    [TestCase(
        "$select=keys($filter=exp gt 5;$top=1;$count=true;$select=kid)",
        """{"keys@odata.count":1,"keys":[{"kid":"b1"}]}""")]
    public async Task Selects(string option, string expected)
    {
        const string none = "$format=application/json;odata.metadata=none";

        JsonObject one = await GetAsync($"{K}('set1')?{none}&{option}");
        JsonObject listed = await GetAsync($"{K}?{none}&$filter=id eq 'set1'&{option}");

        // At metadata none, the service writes no control information except the counts that the client asks for.
        Assert.That(one.ToJsonString(), Is.EqualTo(expected));
        Assert.That(listed["value"]![0]!.ToJsonString(), Is.EqualTo(expected));
    }

    [Row("D2")]
    [TestCase("$top=2", "Empty oct1")]
    [TestCase("$skip=5", "set4 set5")]
    [TestCase("$skip=2&$top=2", "set1 set2")]
    [TestCase("$top=0", "")]
    [TestCase("$skip=99999999999", "")]
    [Row("D3")]
    [TestCase("$orderby=id desc&$top=2", "set5 set4")]
    [TestCase("$orderby=id asc&$top=2", "Empty oct1")]
    [TestCase("$orderby=keys/$count desc,id desc", "set5 set4 set3 set2 set1 oct1 Empty")]
    [TestCase("$orderby=contains(id,'3') desc&$top=2", "set3 Empty")]
    [TestCase("$orderby=tolower(id)&$top=2", "Empty oct1")]
    [Row("D5")]
    [TestCase("$filter=id eq @p&@p='set1'", "set1")]
    [TestCase("$filter=keys/any(k:k/exp gt @p)&@p=13", "set4 set5")]
    [TestCase("$filter=id eq @unset", "")]
    [Row("D6")]
    [TestCase("$filter=keys/any(k:k/kty eq 'oct')", "oct1")]
    [TestCase("$filter=keys/all(k:k/kty eq 'oct')", "Empty oct1")]
    [TestCase("$filter=keys/any()", "oct1 set1 set2 set3 set4 set5")]
    [TestCase("$filter=not keys/any()", "Empty")]
    [TestCase("$filter=keys/any(k:k/exp eq null)", "oct1")]
    [TestCase("$filter=keys/any(k:k/exp eq 2 or k/exp eq 14) and id ne 'set4'", "set2")]
    [Row("D7")]
    [TestCase("$filter=keys/any(k:k/x5c/any(c:startswith(c,'MII')))&$top=1", "set1")]
    [TestCase("$filter=keys/any(k:k/x5c/any(c:startswith(c,'mii')))", "")]
    [TestCase("$filter=keys/any(k:'ABC' in k/x5c)&$top=1", "set1")]
    [TestCase("$filter=keys/any(k:k/x5c/$count eq 2)&$top=1", "set1")]
    [Row("D8")]
    [TestCase("$filter=keys/$count gt 1&$top=1", "set1")]
    [TestCase("$filter=keys/$count eq 0", "Empty")]
    [TestCase("$filter=keys/$count($filter=use eq 'sig') gt 0&$top=1", "oct1")]
    [Row("D9")]
    [TestCase("$search=oct", "oct1")]
    [TestCase("$search=OCT1", "oct1")]
    [TestCase("$search=ec NOT secret&$top=1", "set1")]
    [TestCase("$search=secret", "oct1")]
    [TestCase("$search=enc&$top=1", "set1")]
    [TestCase("$search=set1 OR b3", "set1 set3")]
    [TestCase("$search=\"a1\" AND NOT \"b2\"", "set1")]
    [TestCase("$search=set NOT (a1 OR a2 OR a3)", "set4 set5")]
    [TestCase("$search=set enc \"b5\"", "set5")]
    [TestCase("$search=\"no such\"", "")]
    [TestCase("$search=\"a%C3%A41\"", "")]
    [Row("D10")]
    [TestCase("$filter=id in ('set1','Empty','nobody')", "Empty set1")]
    [TestCase("$filter=keys/any(k:k/exp in (1,12))", "set1 set2")]
    [Row("D14")]
    [TestCase("filter=id eq 'set1'", "set1")]
    [TestCase("TOP=1", "Empty")]
    [TestCase("$FILTER=ID EQ 'set1' OR Keys/Any(k:k/KID eq 'a2')", "set1 set2")]
    [TestCase("OrderBy=id desc&Top=1&Skip=1", "set4")]
    [Row("D16")]
    [TestCase("foo=1&$top=1", "Empty")]
    [Row("D19")]
    [TestCase("$filter=startswith(id,'oct')", "oct1")]
    [TestCase("$filter=startswith(id,'OCT')", "")]
    [TestCase("$filter=startswith(id,'%25')", "")]
    [TestCase("$filter=startswith(id,'')&$top=1", "Empty")]
    [TestCase("$filter=contains(id,'t1')", "oct1 set1")]
    [TestCase("$filter=contains(id,'T1')", "")]
    [TestCase("$filter=endswith(id,'1')", "oct1 set1")]
    [TestCase("$filter=endswith(id,concat('t',substring(id,3)))", "oct1 set1 set2 set3 set4 set5")]
    [TestCase("$filter=keys/any(k:startswith(k/kid,k/x5t))", "")]
    [TestCase("$filter=keys/any(k:endswith(k/kid,k/x5t))", "")]
    [TestCase("$filter=endswith(id,'xxset1')", "")]
    [TestCase("$filter=endswith(id,'')&$top=1", "Empty")]
    [TestCase("$filter=length(id) eq 5", "Empty")]
    [TestCase("$filter=indexof(id,'t1') eq 2", "oct1 set1")]
    [TestCase("$filter=indexof(id,'zz') eq -1&$top=1", "Empty")]
    [TestCase("$filter=substring(id,3) eq '1'", "oct1 set1")]
    [TestCase("$filter=substring(id,0,3) eq 'oct'", "oct1")]
    [TestCase("$filter=substring(id,@n) eq '1'&@n=3", "oct1 set1")]
    [TestCase("$filter=tolower(id) eq 'empty'", "Empty")]
    [TestCase("$filter=toupper(id) eq 'EMPTY'", "Empty")]
    [TestCase("$filter=trim(concat(' ',id)) eq 'set1'", "set1")]
    [TestCase("$filter=concat(concat(id,'-'),id) eq 'set1-set1'", "set1")]
    [TestCase("$filter=id gt 'set3'", "set4 set5")]
    [TestCase("$filter=id le 'oct1'", "Empty oct1")]
    [TestCase("$filter=keys/any(k:k/exp mod 5 eq 0)", "set5")]
    [TestCase("$filter=keys/any(k:k/exp add 1 eq 3 and k/exp mul 2 eq 4)", "set2")]
    [TestCase("$filter=keys/any(k:k/exp sub 1 eq 0 and k/exp div 1 eq 1)", "set1")]
    [TestCase("$filter=keys/any(k:-k/exp eq -15)", "set5")]
    [TestCase("$filter=true eq (id in ('set1','set2'))", "set1 set2")]
    [TestCase("$filter=null eq null&$top=1", "Empty")]
    [TestCase("$filter=keys/any(k:null ne null)", "")]
    [TestCase("$orderby=null eq null&$top=1", "Empty")]
    [TestCase("$filter=(id in ('set1','set2')) eq true", "set1 set2")]
    [TestCase("$filter=@a eq true&@a=id in ('set1','set2')", "set1 set2")]
    [TestCase("$filter=@a ne true&@a=id in ('set1','set2')", "Empty oct1 set3 set4 set5")]
    [TestCase("$filter=keys/any(k:true eq k/x5c/any(c:c eq 'ABC')) and id eq 'set1'", "set1")]
    [TestCase("$filter=keys/any(k:k/exp gt 2147483647 add 1)", "")]
    [TestCase("$filter=tolower(id) eq tolower('SET1')", "set1")]
    [TestCase("$filter=endswith(id,@p)&@p='1'", "oct1 set1")]
    [TestCase("$filter=length('🔑') eq 1 and length(id) eq 5", "Empty")]
    public async Task Finds(string query, string ids) => Assert.That(await IdsAsync(query), Is.EqualTo(ids));

    [Row("D2")]
    [TestCase("$top=1", "a1")]
    [TestCase("$skip=1", "b1")]
    [TestCase("$skip=1&$top=0", "")]
    [TestCase("$skip=4294967297", "")]
    [Row("D3")]
    [TestCase("$orderby=exp desc", "b1 a1")]
    [TestCase("$filter=use eq 'enc'&$select=kid", "b1")]
    public async Task Finds_keys(string query, string kids)
    {
        JsonObject answer = await GetAsync($"{K}('set1')/keys?$count=true&{query}");

        Assert.That(string.Join(' ', answer["value"]!.AsArray().Select(key => (string?)key!["kid"])), Is.EqualTo(kids));
        Assert.That(
            (int)answer["@odata.count"]!, Is.EqualTo(query.StartsWith("$filter", StringComparison.Ordinal) ? 1 : 2));
    }

    [Test]
    [Row("D1")]
    public async Task Selects_properties_of_the_singleton() =>
        Assert.That((await GetAsync($"{Root}/trustFramework?$select=keySets")).ContainsKey("id"), Is.False);

    [Row("D4")]
    [TestCase("$count=true&$top=2", 7)]
    [TestCase("$count=true&$skip=6", 7)]
    [TestCase("$count=true&$top=0&$filter=startswith(id,'set')", 5)]
    [TestCase("count=true&$search=oct", 1)]
    public async Task Counts_regardless_of_the_page(string query, int count) =>
        Assert.That((int)(await GetAsync($"{K}?{query}"))["@odata.count"]!, Is.EqualTo(count));

    [Test]
    [Row("D17")]
    public async Task Links_to_the_next_page_until_there_is_none()
    {
        List<string> pages = [];
        for (string? url = $"{K}?$select=id&$count=true"; url is not null;)
        {
            JsonObject page = await GetAsync(url, ("Prefer", "maxpagesize=3"));
            Assert.That((int)page["@odata.count"]!, Is.EqualTo(7));
            pages.Add(Ids(page));
            url = (string?)page["@odata.nextLink"];
        }

        Assert.That(pages, Is.EqualTo(["Empty oct1 set1", "set2 set3 set4", "set5"]));
    }

    [Test]
    [Row("D18")]
    public async Task Expands_the_sets_of_the_singleton()
    {
        JsonObject answer = await GetAsync(
            $"{Root}/trustFramework?$expand=keySets("
                + "$filter=startswith(id,'set');$orderby=id desc;$select=id;$count=true;$top=2)");

        Assert.That((int)answer["keySets@odata.count"]!, Is.EqualTo(5));
        Assert.That(answer["keySets"]!.AsArray().Select(set => (string?)set!["id"]), Is.EqualTo(["set5", "set4"]));
        Assert.That(answer["keySets"]![0]!.AsObject().ContainsKey("keys"), Is.False);
    }

    [Row("D1")]
    [TestCase("$select=keys")]
    [TestCase("$select=keys/kid")]
    public async Task Selects_without_the_id_at_every_level_of_metadata(string option)
    {
        foreach (string url in (string[])
            [$"{K}('set1')?{option}", $"{K}?{option}", $"{Root}/trustFramework?$expand=keySets({option})"])
        {
            HttpResponseMessage response = await Writer.GetAsync(url, ("Accept", "application/json;metadata=full"));
            string answer = await response.Content.ReadAsStringAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), answer);
            Assert.That(answer, Does.Contain("trustFramework/keySets('set1')").And.Not.Contain("\"id\":\"set1\""));
        }
    }

    [Row("D21")]
    [TestCase("minimal")]
    [TestCase("none")]
    [TestCase("full")]
    public async Task Expands_references(string metadata)
    {
        JsonObject answer = await GetAsync(
            $"{Root}/trustFramework?$expand=keySets/$ref", ("Accept", $"application/json;metadata={metadata}"));

        // A relative URL is relative to the context URL (OData JSON section 4.3).
        Uri id = new(
            new Uri((string?)answer["@odata.context"] ?? "http://localhost"),
            (string)answer["keySets"]![2]!["@odata.id"]!);
        Assert.That(id.AbsoluteUri, Is.EqualTo($"http://localhost{K}('set1')"));
        Assert.That((string?)(await GetAsync(id.AbsoluteUri))["id"], Is.EqualTo("set1"));
    }
}

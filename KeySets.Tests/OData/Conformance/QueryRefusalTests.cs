using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section D: queries that are refused.</summary>
[TestFixture("")]
[TestFixture("/beta")]
public sealed class QueryRefusalTests(string root) : ConformanceTests(root)
{
    [Row("D2")]
    [TestCase("$top=-1", "$top")]
    [TestCase("$top=x", "$top")]
    [TestCase("$top=", "$top")]
    [TestCase("$top=1&top=2", "$top")]
    [TestCase("$skip=-1", "$skip")]
    [TestCase("$count=yes", "$count")]
    [Row("D20")]
    [TestCase("$filter=nothing eq 'x'", "$filter")]
    [TestCase("$filter=keys/any(k:k/nothing eq 'x')", "$filter")]
    [TestCase("$filter=id eq", "$filter")]
    [TestCase("$filter=id eq 5", "$filter")]
    [TestCase("$filter=id", "$filter")]
    [TestCase("$orderby=nothing", "$orderby")]
    [TestCase("$orderby=keys/kid", "$orderby")]
    [TestCase("$select=nothing", "$select")]
    [TestCase("$search=\"unclosed", "$search")]
    [TestCase("$filter=(((", "$filter")]
    [TestCase("$filter=$root/", "$filter")]
    [TestCase("$orderby=$root/", "$orderby")]
    [TestCase("$top=1%00", "$top")]
    [TestCase("$select=keys($top=1;$top=2)", "$select")]
    [TestCase("$select=keys($top=1;top=2)", "$select")]
    [TestCase("$select=id,keys($select=kid;$select=use)", "$select")]
    [TestCase("$select=keys($expand=*)", "$expand")]
    [TestCase("$select=keys($top=1),keys($skip=1)", "$select")]
    [TestCase("$filter=id eq @p&@p='a'&@p='b'", "@p")]
    [Row("D19")]
    [TestCase("$filter=keys/any(k:k/exp div 0 eq null)", "$filter")]
    [TestCase("$filter=keys/any(k:k/exp mod @z eq null)&@z=0", "$filter")]
    [TestCase("$filter=substring(id,1,-1) eq 'x'", "$filter")]
    public async Task Refuses_a_query_that_it_cannot_read(string query, string target) =>
        await (await Writer.GetAsync($"{K}?{query}")).AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", target);

    [Row("D11")]
    [TestCase("$compute=length(id) as n&$select=id,n", "$compute")]
    [TestCase("compute=length(id) as n", "$compute")]
    [Row("D12")]
    [TestCase("$apply=groupby((id))", "$apply")]
    [TestCase("$apply=aggregate($count as n)", "$apply")]
    [Row("D15")]
    [TestCase("$filter=keys/any(k:k/exp divby 2 gt 1)", "$filter")]
    [Row("D16")]
    [TestCase("$foo=1", "$foo")]
    [TestCase("$deltatoken=x", "$deltatoken")]
    [Row("D19")]
    [TestCase("$filter=matchesPattern(id,'^a')", "$filter")]
    [TestCase("$filter=cast(id,Edm.String) eq 'x'", "$filter")]
    [TestCase("$filter=isof(id,Edm.String)", "$filter")]
    [TestCase("$filter=now() gt 2020-01-01T00:00:00Z", "$filter")]
    [TestCase("$filter=$root/trustFramework/id eq 'x'", "$filter")]
    [TestCase("$filter=keys/$count($search=x) gt 0", "$filter")]
    [TestCase("$filter=length(id) mul 1.5 gt 1", "$filter")]
    [TestCase("$filter=keys/any(k:k/exp mul 79228162514264337593543950335M gt 1)", "$filter")]
    [TestCase("$filter=null", "$filter")]
    [TestCase("$filter=keys/any(k:null)", "$filter")]
    [TestCase("$filter=true and not @unset", "$filter")]
    [TestCase("$orderby=length(id) div 2", "$orderby")]
    [TestCase("$filter=keys/any(k:k/exp div k/nbf eq 1)", "$filter")]
    [TestCase("$filter=keys/any(k:k/exp mod (1 add 1) eq 1)", "$filter")]
    [TestCase("$filter=keys/any(k:k/exp le null)", "$filter")]
    [TestCase("$filter=contains(null,'x')", "$filter")]
    [TestCase("$filter=(id eq 'a') eq (id in ('a','b'))", "$filter")]
    [TestCase("$filter=(id eq 'a') ne (not (id in ('a','b')))", "$filter")]
    [TestCase("$filter=keys/any(k:contains(k/use,'i') eq @c)&@c=contains(id,'i')", "$filter")]
    [TestCase("$filter=(id eq 'a') gt (id eq 'b')", "$filter")]
    [TestCase("$filter=substring(id,-1) eq 'x'", "$filter")]
    [TestCase("$filter=substring(id,@n) eq 'x'&@n=-1", "$filter")]
    [TestCase("$filter=substring(id,length(id) sub 9) eq 'x'", "$filter")]
    [TestCase("$filter=substring(id,1,length(id) sub 9) eq 'x'", "$filter")]
    [TestCase("$orderby=keys/$count mul 9223372036854775807", "$orderby")]
    [TestCase("$orderby=-length(id)", "$orderby")]
    [TestCase("$orderby=length(id) mul 1.5", "$orderby")]
    [TestCase("$orderby=INF", "$orderby")]
    [TestCase("$filter=keys/any(k:k/exp ne NaN)", "$filter")]
    [TestCase("$orderby=null", "$orderby")]
    [TestCase("$filter=id in @p&@p=['a']", "$filter")]
    [TestCase("$filter=hassubset(keys,[])", "$filter")]
    [TestCase("$filter=case(true:true)", "$filter")]
    [TestCase("$select=microsoft.cpim.api.dataModels.trustFrameworkKeySet/id", "$select")]
    [Row("D13")]
    [TestCase("$select=keys/x5c($top=1)", "$select")]
    [TestCase("$select=keys/kid($skip=4)", "$select")]
    [TestCase("$select=keys($select=x5c($top=1))", "$select")]
    [TestCase("$select=id($top=0)", "$select")]
    [TestCase("$select=*,id", "$select")]
    [TestCase("$select=id,keys($select=kid, *)", "$select")]
    public async Task Says_that_it_does_not_support_a_query(string query, string target) =>
        await (await Writer.GetAsync($"{K}?{query}"))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", target);

    [Row("D18")]
    [TestCase("keySets($filter=$it/id eq 'trustFramework')")]
    [TestCase("keySets/microsoft.cpim.api.dataModels.trustFrameworkKeySet")]
    [TestCase("keySets/$count")]
    [TestCase("keySets($levels=2)")]
    [TestCase("keySets($compute=length(id) as n)")]
    [TestCase("keySets($apply=aggregate($count as n))")]
    [TestCase("keySets($select=keys/x5c($top=1))")]
    [TestCase("keySets($filter=null)")]
    [TestCase("keySets($filter=substring(id,-1) eq 'x')")]
    [TestCase("keySets($orderby=-length(id))")]
    public async Task Says_that_it_does_not_support_an_expansion(string expand) =>
        await (await Writer.GetAsync($"{Root}/trustFramework?$expand={expand}"))
            .AssertErrorAsync(HttpStatusCode.NotImplemented, "NotImplemented", "$expand");

    [Row("D18")]
    [TestCase("$ref")]
    [TestCase("nothing")]
    [TestCase("keySets($select=id),keySets($select=keys)")]
    [TestCase("keySets($filter=true;$filter=true;$select=id)")]
    [TestCase("keySets($select=id;$expand=*)")]
    [TestCase("keySets($select=keys($top=1;$top=2))")]
    [TestCase("keySets($search=\"it's\")")]
    [TestCase("keySets($search=\"a;b\")")]
    [TestCase("keySets($search=\"a(b\")")]
    [TestCase("keySets($search=\"a)b\")")]
    public async Task Refuses_an_expansion_that_it_cannot_read(string expand) =>
        await (await Writer.GetAsync($"{Root}/trustFramework?$expand={expand}"))
            .AssertErrorAsync(HttpStatusCode.BadRequest, "BadRequest", "$expand");

    [Test]
    [Row("D18")]
    public async Task Does_not_treat_a_literal_as_a_name() =>
        Assert.That(
            (await GetAsync($"{Root}/trustFramework?$expand=keySets($filter=id ne '$it')"))["keySets"]!.AsArray(),
            Has.Count.EqualTo(7));
}

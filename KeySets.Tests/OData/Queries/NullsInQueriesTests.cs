using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Queries;

/// <summary>
/// Expressions on a null member (OData URL Conventions section 5.1.1): functions, arithmetic and logic give null,
/// comparisons give false except for <c>eq null</c> and <c>ne</c>. A filter that is null finds nothing. The key
/// <c>none</c> has no use, no x5t and no dates.
/// </summary>
public sealed class NullsInQueriesTests : ApiTests
{
    private const string Set = $"{HttpExtensions.KeySets}('nulls')";

    [OneTimeSetUp]
    public async Task CreateSet()
    {
        const string keys =
            """[{"kty":"EC","kid":"none"},{"kty":"EC","kid":"some","use":"sig","exp":7,"nbf":3,"x5t":"sig"}]""";
        StringContent body = new($$"""{"keys":{{keys}}}""", Encoding.UTF8, "application/json");
        Assert.That((await Writer.PutAsync(Set, body)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    // Functions
    [TestCase("contains(use,'i')", "some")]
    [TestCase("contains(use,'x')", "")]
    [TestCase("not contains(use,'i')", "")]
    [TestCase("not contains(use,'x')", "some")]
    [TestCase("not contains(@a,'x')&@a=use", "some")]
    [TestCase("not contains(use,use)", "")]
    [TestCase("not contains('sigma',use)", "")]
    [TestCase("not startswith(use,'x')", "some")]
    [TestCase("not endswith(use,'x')", "some")]
    [TestCase("not (not contains(use,'x'))", "")]
    [TestCase("contains(use,'x') eq false", "some")]
    [TestCase("contains(use,'x') ne true", "none some")]
    [TestCase("contains(use,'x') eq null", "none")]
    [TestCase("contains(use,'x') ne null", "some")]
    [TestCase("true eq contains(use,'i')", "some")]
    [TestCase("false ne contains(use,'i')", "none some")]
    [TestCase("null eq contains(use,'i')", "none")]
    [TestCase("@t eq contains(use,'i')&@t=true", "some")]
    [TestCase("contains(concat(use,'x'),'x')", "some")]
    [TestCase("concat(use,'x') eq null", "none")]
    [TestCase("concat('x',use) ne null", "some")]
    [TestCase("concat(use,'x') eq 'x'", "")]
    [TestCase("length(use) eq null", "none")]
    [TestCase("length(use) ne 3", "none")]
    [TestCase("length(use) eq 3", "some")]
    [TestCase("indexof(use,'x') eq -1", "some")]
    [TestCase("indexof(use,'x') eq null", "none")]
    [TestCase("not (indexof(use,'x') eq -1)", "none")]
    [TestCase("substring(use,1) eq null", "none")]
    [TestCase("substring(use,1) ne 'ig'", "none")]
    [TestCase("tolower(use) ne 'sig'", "none")]
    [TestCase("toupper(use) eq null", "none")]
    [TestCase("trim(use) eq null", "none")]
    // Comparisons
    [TestCase("use eq null", "none")]
    [TestCase("use ne null", "some")]
    [TestCase("use ne 'enc'", "none some")]
    [TestCase("not (use eq 'sig')", "none")]
    [TestCase("use eq x5t", "none some")]
    [TestCase("exp gt 5", "some")]
    [TestCase("not (exp gt 5)", "none")]
    [TestCase("not (exp le 5)", "none some")]
    [TestCase("not (exp ge 7)", "none")]
    [TestCase("not (exp lt 8)", "none")]
    [TestCase("not (use gt 'a')", "none")]
    [TestCase("not ('a' lt use)", "none")]
    [TestCase("not (length(use) gt 1)", "none")]
    [TestCase("(exp gt 5) eq false", "none")]
    [TestCase("(exp gt 5) eq null", "")]
    [TestCase("(exp gt 5) ne null", "none some")]
    [TestCase("exp ge exp", "some")]
    [TestCase("exp in (7,8)", "some")]
    [TestCase("not (exp in (7,8))", "none")]
    [TestCase("exp in (8,null)", "none")]
    [TestCase("not (exp in (8,null))", "some")]
    [TestCase("not (use in ('sig','enc'))", "none")]
    // Logic
    [TestCase("contains(use,'i') or kid eq 'none'", "none some")]
    [TestCase("not (contains(use,'x') or kid eq 'x')", "some")]
    [TestCase("not (contains(use,'x') or kid eq 'none')", "some")]
    [TestCase("not (contains(use,'i') and kid eq 'x')", "none some")]
    [TestCase("not (contains(use,'x') and kid eq 'none')", "some")]
    [TestCase("(contains(use,'x') and kid eq 'none') eq null", "none")]
    [TestCase("(contains(use,'x') or kid eq 'none') eq true", "none")]
    [TestCase("(not contains(use,'x')) eq null", "none")]
    // Arithmetic
    [TestCase("exp add 1 eq null", "none")]
    [TestCase("exp add 1 ne 8", "none")]
    [TestCase("not (exp sub nbf gt 3)", "none")]
    [TestCase("-exp eq null", "none")]
    // Collections
    [TestCase("not x5c/any(c:contains(c,use))", "none some")]
    [TestCase("x5c/all(c:contains(c,use))", "none some")]
    public async Task Treats_null_as_unknown(string filter, string kids)
    {
        JsonObject keys = await (await Writer.GetAsync(
            $"{Set}/keys?$select=kid&$filter={filter.Replace(" ", "%20", StringComparison.Ordinal)}")).JsonAsync();

        Assert.That(string.Join(' ', keys["value"]!.AsArray().Select(key => (string?)key!["kid"])), Is.EqualTo(kids));
    }

    [TestCase("keys/all(k:contains(k/use,'i'))", false)]
    [TestCase("keys/all(k:not contains(k/use,'x'))", false)]
    [TestCase("not keys/all(k:contains(k/use,'i'))", true)]
    [TestCase("keys/all(k:k/exp gt 5)", false)]
    [TestCase("keys/all(k:not (k/exp gt 8))", true)]
    [TestCase("keys/all(k:k/exp gt 5 or k/exp eq null)", true)]
    [TestCase("keys/any(k:not contains(k/use,'i'))", false)]
    [TestCase("keys/any(k:not (k/exp gt 5))", true)]
    [TestCase("not keys/any(k:not contains(k/use,'i'))", true)]
    [TestCase("keys/$count($filter=not contains(use,'x')) eq 1", true)]
    [TestCase("keys/$count($filter=not (exp gt 5)) eq 1", true)]
    [TestCase("keys/any(k:k/exp gt 5) eq true", true)]
    [TestCase("keys/all(k:k/exp gt 5) eq false", true)]
    [TestCase("keys/all(k:contains(k/use,'i')) eq null", false)]
    public async Task Treats_null_as_unknown_in_any_and_all(string filter, bool found)
    {
        string count = await Writer.GetStringAsync(
            $"{HttpExtensions.KeySets}/$count?$filter={Uri.EscapeDataString(filter)}");

        Assert.That(count, Is.EqualTo(found ? "1" : "0"));
    }
}

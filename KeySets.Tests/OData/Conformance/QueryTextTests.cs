using KeySets.Tests.Support;

namespace KeySets.Tests.OData.Conformance;

/// <summary>Section D: text in queries beyond the letters A to Z.</summary>
[OnEveryDatabase("")]
[OnEveryDatabase("/beta")]
public sealed class QueryTextTests(string root) : ConformanceTests(root)
{
    [Test]
    [Row("D19")]
    public async Task Counts_characters_and_not_their_parts()
    {
        await PutAsync("emoji", """[{"kty":"EC","kid":"🔑abc🔑"}]""");

        Assert.That(
            await IdsAsync(
                "$filter=keys/any(k:startswith(k/kid,'🔑a') and endswith(k/kid,'c🔑') and contains(k/kid,'🔑'))"),
            Is.EqualTo("emoji"));
        Assert.That(await IdsAsync("$filter=keys/any(k:endswith(k/kid,@p))&@p=concat('','🔑')"), Is.EqualTo("emoji"));
        Assert.That(await IdsAsync("$filter=keys/any(k:endswith(k/kid,@p))&@p='c🔑'"), Is.EqualTo("emoji"));
        Assert.That(
            await IdsAsync("$filter=keys/any(k:startswith(k/kid,'🔑b') or endswith(k/kid,'b🔑'))"), Is.Empty);
        Assert.That(await IdsAsync("$search=🔑ABC"), Is.EqualTo("emoji"));
        await Writer.DeleteAsync($"{K}('emoji')");
    }

    [Row("D9")]
    [TestCase("$search=ÄÖ")]
    [TestCase("$search=äö")]
    [Row("D19")]
    [TestCase("$filter=keys/any(k:tolower(k/kid) eq ' \täö\u2003')")]
    [TestCase("$filter=keys/any(k:toupper(k/kid) eq ' \tÄÖ\u2003')")]
    [TestCase("$filter=keys/any(k:trim(k/kid) eq 'Äö')")]
    public async Task Knows_the_case_of_all_letters_and_all_white_space(string query)
    {
        await PutAsync("letters", """[{"kty":"EC","kid":" \tÄö\u2003"}]""");

        Assert.That(await IdsAsync(query), Is.EqualTo("letters"));
        await Writer.DeleteAsync($"{K}('letters')");
    }
}

using System.Net;
using KeySets.Tests.Support;

namespace KeySets.Tests.Controllers;

/// <summary><c>POST /trustFramework/keySets</c>: the Prefer header.</summary>
public sealed class CreateKeySetPreferenceTests : ApiTests
{
    [TestCase("", "return=minimal", "4.0")]
    [TestCase("/beta", "return=minimal", "4.01")]
    [TestCase("", "respond-async, Return = \"minimal\"; foo=bar", "4.0")]
    [TestCase("", "return=minimal, return=representation", "4.0")]
    public async Task Answers_without_a_body_if_the_client_prefers_that(string root, string prefer, string version)
    {
        string id = $"minimal-{Guid.NewGuid()}";
        using StringContent content = new($$"""{"id":"{{id}}"}""");

        HttpResponseMessage response = await Writer.SendAsync(
            HttpMethod.Post,
            $"{root}/trustFramework/keySets",
            content,
            ("Content-Type", "application/json"),
            ("Prefer", prefer),
            ("OData-MaxVersion", version));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(
                response.Header("Location"), Is.EqualTo($"http://localhost{root}/trustFramework/keySets('{id}')"));
            Assert.That(
                response.Header("OData-EntityId"),
                Is.EqualTo($"http://localhost{root}/trustFramework/keySets('{id}')"));
            Assert.That(response.Header("Preference-Applied"), Is.EqualTo("return=minimal"));
            Assert.That(response.Header("OData-Version"), Is.EqualTo(version));
            Assert.That(response.Header("ETag"), Is.Not.Null);
            Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task Confirms_that_it_answers_with_a_body_as_the_client_prefers()
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}", ("Prefer", "return=representation"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Header("Preference-Applied"), Is.EqualTo("return=representation"));
    }

    [TestCase("return=minimalist")]
    [TestCase("foo=\"return=minimal\"")]
    [TestCase("return=representation, return=minimal")]
    public async Task Answers_with_a_body_unless_the_client_prefers_none(string prefer)
    {
        HttpResponseMessage response = await Writer.CreateAsync("{}", ("Prefer", prefer));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Header("Preference-Applied"), Is.Not.EqualTo("return=minimal"));
    }
}

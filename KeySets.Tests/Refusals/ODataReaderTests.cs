using KeySets.Tests.Support;
using Microsoft.OData;

namespace KeySets.Tests.Refusals;

/// <summary>
/// The reader of Microsoft.OData.Core, which OData clients on .NET use, reads the errors of the service.
/// </summary>
public sealed class ODataReaderTests : ApiTests
{
    [TestCase("GET", "/trustFramework/keySets('nobody')", "AADB2C90073", "id")]
    [TestCase("GET", "/trustFramework/keySets?$filter=nothing", "BadRequest", "$filter")]
    [TestCase("GET", "/nowhere", "NotFound", null)]
    [TestCase("PUT", "/trustFramework/keySets", "MethodNotAllowed", null)]
    [TestCase("GET", "/trustFramework/keySets(@k)", "BadRequest", null)]
    [TestCase("GET", "/trustFramework/keySets/$each", "NotImplemented", null)]
    public async Task Reads_an_error_with_all_its_members(string method, string url, string code, string? target)
    {
        HttpResponseMessage response = await Writer.SendAsync(new HttpMethod(method), url);

        ODataError error = await ReadAsync(response);

        Assert.That((error.Code, error.Target), Is.EqualTo((code, target)));
        Assert.That(error.Message, Is.Not.Empty);
        Assert.That(
            error.InnerError.Properties.Keys, Is.SupersetOf((string[])["date", "request-id", "client-request-id"]));
        Assert.That(
            ((ODataPrimitiveValue)error.InnerError.Properties["request-id"]).Value,
            Is.EqualTo(response.Header("request-id")));
    }

    [TestCase("4.0")]
    [TestCase("4.01")]
    public async Task Reads_an_error_of_either_version(string version)
    {
        HttpResponseMessage response = await Application.Anonymous.GetAsync(
            "/trustFramework/keySets", ("OData-MaxVersion", version));

        Assert.That((await ReadAsync(response)).Code, Is.EqualTo("InvalidAuthenticationToken"));
    }

    private static async Task<ODataError> ReadAsync(HttpResponseMessage response)
    {
        using ODataMessageReader reader = new(
            new Message(response), new ODataMessageReaderSettings { MaxProtocolVersion = ODataVersion.V401 });
        return await reader.ReadErrorAsync();
    }

    private sealed class Message(HttpResponseMessage response) : IODataResponseMessageAsync
    {
        public IEnumerable<KeyValuePair<string, string>> Headers =>
            response.Headers.Concat(response.Content.Headers)
                .Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value)));

        public int StatusCode
        {
            get => (int)response.StatusCode;
            set => throw new NotSupportedException();
        }

        public string? GetHeader(string headerName) => response.Header(headerName);

        public void SetHeader(string headerName, string headerValue) => throw new NotSupportedException();

        public Stream GetStream() => response.Content.ReadAsStream();

        public Task<Stream> GetStreamAsync() => response.Content.ReadAsStreamAsync();
    }
}

namespace KeySets.Tests.Support;

/// <summary>A request of an .http file. Its references to variables and earlier answers are not resolved yet.</summary>
/// <param name="Title">The title that tools show.</param>
/// <param name="Status">The promised status.</param>
/// <param name="Name">The name under which later requests refer to its answer; null if it has none.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The URL.</param>
/// <param name="Headers">The headers, in order.</param>
/// <param name="Body">The body, with LF line ends but none after its last line; null if there is none.</param>
public sealed record HttpFileRequest(
    string Title,
    int Status,
    string? Name,
    HttpMethod Method,
    string Target,
    IReadOnlyList<(string Name, string Value)> Headers,
    string? Body)
{
    /// <summary>The media type; null if there is no body.</summary>
    public string? ContentType => Headers.FirstOrDefault(header => header.Name == "Content-Type").Value;
}

namespace KeySets.Tests.Support;

/// <summary>A request of an .http file, with its references to variables and to earlier answers as they are written.</summary>
/// <param name="Title">What one sees.</param>
/// <param name="Status">The status that is promised.</param>
/// <param name="Name">The name under which later requests refer to its answer; null where none does.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">The URL.</param>
/// <param name="Headers">The headers, in order.</param>
/// <param name="Body">The body, with LF line ends and none at its end; null where there is none.</param>
public sealed record HttpFileRequest(
    string Title, int Status, string? Name, HttpMethod Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string? Body)
{
    /// <summary>The media type; null where there is no body.</summary>
    public string? ContentType => Headers.FirstOrDefault(header => header.Name == "Content-Type").Value;
}

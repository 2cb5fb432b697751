namespace KeySets.Tests.Support.Twins;

/// <summary>A request to two services.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The URL, without scheme and host.</param>
/// <param name="Body">The body, which is JSON unless a header says otherwise; null for none.</param>
/// <param name="Headers">The headers.</param>
public sealed record TwinRequest(
    string Method, string Target, string? Body = null, params IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>Whether it can change what is stored.</summary>
    public bool CanWrite => Method is not ("GET" or "HEAD");

    /// <summary>A read.</summary>
    public static TwinRequest Get(string url, params IReadOnlyList<(string Name, string Value)> headers) =>
        new("GET", url, null, headers);

    /// <summary>The same query with its options in the body (OData URL Conventions section 5.1).</summary>
    public TwinRequest WithQueryInBody()
    {
        string[] parts = Target.Split('?', 2);
        return new("POST", $"{parts[0]}/$query", parts[^1], ("Content-Type", "text/plain"));
    }

    /// <summary>The same request with other texts.</summary>
    public TwinRequest With(Func<string, string> replace) => new(
        Method,
        replace(Target),
        Body is null ? null : replace(Body),
        [.. Headers.Select(header => (header.Name, replace(header.Value)))]);

    /// <inheritdoc />
    public override string ToString() =>
        $"{Method} {Target} {string.Join(' ', Headers.Select(header => $"{header.Name}: {header.Value}"))} {Body}";
}

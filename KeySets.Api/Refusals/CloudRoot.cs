namespace KeySets.Api.Refusals;

/// <summary>
/// The root that mirrors the cloud API where that differs from OData. The other root, <c>/</c>, is OData to the letter.
/// </summary>
public static class CloudRoot
{
    /// <summary>The path of the root.</summary>
    public static PathString Path { get; } = new("/beta");

    /// <summary>
    /// Whether a request is for this root. The root stands at the end of the path base while the request is within
    /// <c>UseODataRoots</c>, and at the start of the path before that and after an exception.
    /// </summary>
    public static bool IsRootOf(HttpRequest request) =>
        IsAt(request.PathBase) || request.Path.StartsWithSegments(Path);

    /// <summary>
    /// Whether the path of a root, behind the prefix of a proxy if there is one, is that of this root.
    /// </summary>
    public static bool IsAt(PathString root) =>
        root.Value?.EndsWith(Path.Value!, StringComparison.OrdinalIgnoreCase) is true;
}

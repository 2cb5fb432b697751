namespace KeySets.Tests.Support;

/// <summary>If-Match or If-None-Match with one entity tag.</summary>
/// <param name="Header">The name of the header.</param>
/// <param name="Revision">The revision whose tag it names; 0 for a tag that no set ever had, null for <c>*</c>.</param>
public sealed record Precondition(string Header, int? Revision)
{
    public const string IfMatch = "If-Match";
    public const string IfNoneMatch = "If-None-Match";

    /// <summary>
    /// Whether it holds for a set; null for no set, which neither a tag nor <c>*</c> matches (RFC 9110 section 13.1).
    /// </summary>
    public bool Holds(ModelSet? stored)
    {
        bool matches = stored is not null && (Revision is null || Revision == stored.Revision);
        return Header == IfMatch ? matches : !matches;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Header}: {(Revision is null ? "*" : $"#{Revision}")}";
}

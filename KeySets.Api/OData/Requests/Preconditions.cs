using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData.Requests;

/// <summary>
/// If-Match and If-None-Match of a request (RFC 9110 section 13.1). Entity tags are compared weakly, as OData demands:
/// a tag names a revision, not the bytes of one of its formats.
/// </summary>
public sealed class Preconditions
{
    private readonly IList<EntityTagHeaderValue>? _ifMatch;
    private readonly IList<EntityTagHeaderValue>? _ifNoneMatch;

    /// <summary>Reads the headers.</summary>
    /// <exception cref="RefusalException">400: a header is malformed.</exception>
    public Preconditions(IHeaderDictionary headers)
    {
        _ifMatch = Read(headers, HeaderNames.IfMatch);
        _ifNoneMatch = Read(headers, HeaderNames.IfNoneMatch);
    }

    /// <summary>Checks the stored set before a request changes it.</summary>
    /// <param name="stored">The set; null if there is none.</param>
    /// <exception cref="RefusalException">412: the set is not in the state that the client demands.</exception>
    public void Check(TrustFrameworkKeySet? stored)
    {
        if (IsNotModified(stored is null ? null : EntityTag.Of(stored)))
        {
            throw Refusal.Changed(HeaderNames.IfNoneMatch);
        }
    }

    /// <summary>Whether If-None-Match lists an entity tag, so that a reading client already has the resource.</summary>
    /// <param name="current">The entity tag; null if there is no such resource.</param>
    /// <exception cref="RefusalException">412: If-Match does not list the entity tag.</exception>
    public bool IsNotModified(EntityTagHeaderValue? current)
    {
        if (_ifMatch is not null && !Matches(_ifMatch, current))
        {
            throw Refusal.Changed(HeaderNames.IfMatch);
        }

        return _ifNoneMatch is not null && Matches(_ifNoneMatch, current);
    }

    private static IList<EntityTagHeaderValue>? Read(IHeaderDictionary headers, string name) => headers[name] switch
    {
        [] => null,
        var values when EntityTagHeaderValue.TryParseStrictList(values, out IList<EntityTagHeaderValue>? tags)
            && tags.Count > 0 => tags,
        _ => throw Refusal.BadEntityTags(name),
    };

    private static bool Matches(IList<EntityTagHeaderValue> tags, EntityTagHeaderValue? current) => current is not null
        && tags.Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(current, useStrongComparison: false));
}

using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.Net.Http.Headers;

namespace KeySets.Api.OData;

/// <summary>
/// If-Match and If-None-Match of a request (RFC 9110 section 13.1). Tags are compared weakly, as OData has it: they name a revision,
/// not the bytes of one of its formats.
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

    /// <summary>Checks what is stored before it is changed.</summary>
    /// <param name="stored">The set as it is; null where there is none.</param>
    /// <exception cref="RefusalException">412: the set is not in the state that the client asks for.</exception>
    public void Check(TrustFrameworkKeySet? stored)
    {
        if (_ifMatch is not null && !Matches(_ifMatch, stored))
        {
            throw Refusal.Changed(HeaderNames.IfMatch);
        }

        if (_ifNoneMatch is not null && Matches(_ifNoneMatch, stored))
        {
            throw Refusal.Changed(HeaderNames.IfNoneMatch);
        }
    }

    /// <summary>Checks what is stored, and that there is something, before it is changed.</summary>
    /// <param name="stored">The set as it is; null where there is none.</param>
    /// <exception cref="RefusalException">404: there is no set; 412: it is not in the state that the client asks for.</exception>
    public void CheckExisting(TrustFrameworkKeySet? stored) => Check(stored ?? throw Refusal.KeySetNotFound());

    /// <summary>Checks what is stored, and that it has a key, before that is changed.</summary>
    /// <exception cref="RefusalException">404: there is no set, or no such key in it; 412: it is not in the state that the client asks for.</exception>
    public void CheckExisting(TrustFrameworkKeySet? stored, string kid)
    {
        if (stored is not null && stored.Keys.All(key => key.Kid != kid))
        {
            throw Refusal.KeyNotFound();
        }

        CheckExisting(stored);
    }

    /// <summary>Whether the client that reads has the set already. Puts the ETag of the set into the answer.</summary>
    /// <exception cref="RefusalException">400: a header is malformed; 412: the set is not in the state that If-Match asks for.</exception>
    public static bool IsNotModified(HttpContext context, TrustFrameworkKeySet stored) => IsNotModified(context, EntityTag.Of(stored));

    /// <summary>Whether the client that reads has what has this tag already. Puts the tag into the answer.</summary>
    /// <exception cref="RefusalException">400: a header is malformed; 412: the tag is none that If-Match asks for.</exception>
    public static bool IsNotModified(HttpContext context, EntityTagHeaderValue current)
    {
        Preconditions preconditions = new(context.Request.Headers);
        context.Response.Headers.ETag = current.ToString();
        return preconditions._ifMatch is not null && !Matches(preconditions._ifMatch, current)
            ? throw Refusal.Changed(HeaderNames.IfMatch)
            : preconditions._ifNoneMatch is not null && Matches(preconditions._ifNoneMatch, current);
    }

    private static IList<EntityTagHeaderValue>? Read(IHeaderDictionary headers, string name) => headers[name] switch
    {
        [] => null,
        var values when EntityTagHeaderValue.TryParseStrictList(values, out IList<EntityTagHeaderValue>? tags) && tags.Count > 0 => tags,
        _ => throw Refusal.BadEntityTags(name),
    };

    private static bool Matches(IList<EntityTagHeaderValue> tags, TrustFrameworkKeySet? stored) => stored is not null && Matches(tags, EntityTag.Of(stored));

    private static bool Matches(IList<EntityTagHeaderValue> tags, EntityTagHeaderValue current) =>
        tags.Any(tag => tag == EntityTagHeaderValue.Any || tag.Compare(current, useStrongComparison: false));
}

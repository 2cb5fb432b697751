using System.Collections.Frozen;
using KeySets.Api.Refusals;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace KeySets.Api.OData.Requests;

/// <summary>The names of system query options (OData Protocol section 11.2.1).</summary>
public static class SystemQueryOptions
{
    public const string Apply = "$apply";
    public const string Compute = "$compute";
    public const string Count = "$count";
    public const string Expand = "$expand";
    public const string Filter = "$filter";
    public const string Format = "$format";
    public const string OrderBy = "$orderby";
    public const string Search = "$search";
    public const string Select = "$select";
    public const string Skip = "$skip";
    public const string SkipToken = "$skiptoken";
    public const string Top = "$top";

    /// <summary>The longest query, in characters as they are sent.</summary>
    public const int LongestQuery = 16 * 1024;

    private const int MostOptions = 64;

    private static readonly FrozenSet<string> Offered = FrozenSet.Create(
        StringComparer.Ordinal, Count, Expand, Filter, Format, OrderBy, Search, Select, Skip, SkipToken, Top);

    // $id, $levels and $index are not among them: without the '$' they could be a client's own.
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> ByBareName =
        Offered.Concat([Apply, Compute, "$deltatoken", "$schemaversion"])
            .ToFrozenDictionary(name => name[1..], StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Writes the names of the system query options of a request as the library knows them: OData 4.01 has them in any case and
    /// without '$' too. Refuses those that are not offered anywhere, and those that are there twice.
    /// </summary>
    /// <exception cref="RefusalException">501: an option that is not offered; 400: one that is repeated or names a private member, or too many.</exception>
    public static void Canonicalize(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return;
        }

        if (request.QueryString.Value.Length > LongestQuery)
        {
            throw Refusal.QueryTooLong(LongestQuery);
        }

        Dictionary<string, StringValues> sent = QueryHelpers.ParseQuery(request.QueryString.Value);
        Dictionary<string, StringValues> options = PrivateMemberGuard.Read(
            sent.Select(option => KeyValuePair.Create(CanonicalName(option.Key), option.Value.ToString())), () => Canonical(sent));
        if (!options.Keys.SequenceEqual(sent.Keys, StringComparer.Ordinal))
        {
            request.QueryString = QueryString.Create(options);
        }
    }

    /// <summary>Refuses every system query option but $format: a change has none, nor has what the service says of itself.</summary>
    /// <exception cref="RefusalException">501: there is one.</exception>
    public static void RefuseAll(HttpRequest request)
    {
        if (request.Query.Keys.FirstOrDefault(name => name.StartsWith('$') && name != Format) is { } option)
        {
            throw Refusal.UnsupportedQueryOption(option);
        }
    }

    private static Dictionary<string, StringValues> Canonical(Dictionary<string, StringValues> sent)
    {
        Dictionary<string, StringValues> options = new(StringComparer.Ordinal);
        foreach ((string name, StringValues value) in sent)
        {
            string canonical = CanonicalName(name);
            bool isOwn = canonical is ['$' or '@', ..];
            if (canonical.StartsWith('$') && !Offered.Contains(canonical))
            {
                throw Refusal.UnsupportedQueryOption(canonical);
            }

            if ((!options.TryAdd(canonical, value) || value.Count > 1) && isOwn)
            {
                throw Refusal.RepeatedQueryOption(canonical);
            }

            // The library reads numbers up to it.
            if (isOwn && value.ToString().Contains('\0', StringComparison.Ordinal))
            {
                throw Refusal.BadQueryOption(canonical);
            }
        }

        // A link to the next page has a token more than what it continues.
        return options.Keys.Count(name => name != SkipToken) <= MostOptions ? options : throw Refusal.TooManyQueryOptions(MostOptions);
    }

    /// <summary>The name of an option as the library knows it.</summary>
    public static string CanonicalName(string name) =>
        ByBareName.TryGetValue(name.StartsWith('$') ? name.AsSpan(1) : name, out string? canonical) ? canonical : name;
}

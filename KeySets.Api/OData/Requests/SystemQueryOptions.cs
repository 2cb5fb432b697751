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

    /// <summary>The longest query, in characters as sent.</summary>
    public const int LongestQuery = 16 * 1024;

    private const int MostOptions = 64;

    private static readonly FrozenSet<string> Offered = FrozenSet.Create(
        StringComparer.Ordinal, Count, Expand, Filter, Format, OrderBy, Search, Select, Skip, SkipToken, Top);

    // Excludes $id, $levels and $index: without the '$', they could be a client's own options.
    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> ByBareName =
        Offered.Concat([Apply, Compute, "$deltatoken", "$schemaversion"])
            .ToFrozenDictionary(name => name[1..], StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Writes the names of a request's system query options in the form that ODataLib reads: OData 4.01 allows any
    /// case, and makes '$' optional. Refuses repeated options, and options that no resource supports.
    /// </summary>
    /// <exception cref="RefusalException">
    /// 501: an option is not supported; 400: an option is repeated or names a private member, or there are too many.
    /// </exception>
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
            sent.Select(option => KeyValuePair.Create(CanonicalName(option.Key), option.Value.ToString())),
            () => Canonical(sent));
        if (!options.Keys.SequenceEqual(sent.Keys, StringComparer.Ordinal))
        {
            request.QueryString = QueryString.Create(options);
        }
    }

    /// <summary>
    /// Refuses every system query option but $format: writes, the service document and $metadata have none.
    /// </summary>
    /// <exception cref="RefusalException">501: the request has one.</exception>
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

            // ODataLib stops reading a number at U+0000 and ignores the rest.
            if (isOwn && value.ToString().Contains('\0', StringComparison.Ordinal))
            {
                throw Refusal.BadQueryOption(canonical);
            }
        }

        // $skiptoken does not count: a next link has it in addition to the client's options.
        return options.Keys.Count(name => name != SkipToken) <= MostOptions
            ? options
            : throw Refusal.TooManyQueryOptions(MostOptions);
    }

    /// <summary>The name of an option in the form that ODataLib reads.</summary>
    public static string CanonicalName(string name) =>
        ByBareName.TryGetValue(name.StartsWith('$') ? name.AsSpan(1) : name, out string? canonical) ? canonical : name;
}

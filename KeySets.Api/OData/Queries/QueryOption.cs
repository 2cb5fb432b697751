using KeySets.Api.OData.Requests;

namespace KeySets.Api.OData.Queries;

/// <summary>A query option, of a request or in the parentheses of a <see cref="QueryItem"/>.</summary>
/// <param name="Name">Its canonical name: see <see cref="SystemQueryOptions.CanonicalName"/>.</param>
/// <param name="Value">Its value, as the client sent it.</param>
/// <param name="Items">The items of a $select or $expand; empty for any other option.</param>
public sealed record QueryOption(string Name, string Value, IReadOnlyList<QueryItem> Items)
{
    /// <summary>Whether the option is a parameter alias.</summary>
    public bool IsAlias => Name.StartsWith('@');

    /// <summary>The option without every <c>*</c> that has other items beside it; itself if there is none.</summary>
    public QueryOption WithoutAsteriskBesideOthers()
    {
        QueryItem[] items = [.. Items.Select(item => item.WithoutAsteriskBesideOthers())];
        if (items.Length > 1 && items.Any(item => item.IsAsterisk))
        {
            items = [.. items.Where(item => !item.IsAsterisk)];
        }

        return items.SequenceEqual(Items, ReferenceEqualityComparer.Instance) ? this : this with { Items = items };
    }

    /// <summary>The value in the form that ODataLib reads.</summary>
    /// <param name="target">The query option that a refusal names.</param>
    /// <param name="aliases">The parameter aliases in scope, by their names with '@'.</param>
    /// <param name="isNested">Whether the option stands in the parentheses of an item.</param>
    public string Canonical(string target, IReadOnlyDictionary<string, string> aliases, bool isNested) => Name switch
    {
        SystemQueryOptions.Select or SystemQueryOptions.Expand =>
            string.Join(',', Items.Select(item => item.Canonical(target, aliases))),
        SystemQueryOptions.Filter or SystemQueryOptions.OrderBy =>
            new ExpressionText(target, aliases, isNested).Canonicalize(Value),
        SystemQueryOptions.Search => SearchText.Canonicalize(target, Value),
        SystemQueryOptions.Count => Value.ToLowerInvariant(),
        _ => Value,
    };
}

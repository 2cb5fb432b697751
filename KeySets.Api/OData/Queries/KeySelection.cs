using KeySets.Api.OData.Requests;
using KeySets.Api.Refusals;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Queries;

/// <summary>
/// Selects the keys of a set that an answer shows. The database filters and orders them; this class applies $skip and
/// $top, since a set has few keys.
/// </summary>
public static class KeySelection
{
    /// <summary>The item of a $select that has options for the keys; null if there is none.</summary>
    /// <exception cref="RefusalException">400: more than one item has options.</exception>
    public static PathSelectItem? Of(SelectExpandClause? clause)
    {
        PathSelectItem[] items = [.. (clause?.SelectedItems ?? []).OfType<PathSelectItem>().Where(HasOptions)];
        return items.Length <= 1
            ? items.SingleOrDefault()
            : throw Refusal.RepeatedQueryOption(SystemQueryOptions.Select);
    }

    /// <summary>The item of an $expand that has options for the keys as entities; null if there is none.</summary>
    public static ExpandedReferenceSelectItem? EntitiesOf(SelectExpandClause? clause) => (clause?.SelectedItems ?? [])
        .OfType<ExpandedReferenceSelectItem>()
        .FirstOrDefault(item => IsOfEntities(item) && HasOptions(item));

    /// <summary>Whether an item of a $select names the property keys of sets.</summary>
    public static bool IsOfKeys(PathSelectItem item) =>
        item.SelectedPath.Count == 1
        && item.SelectedPath.FirstSegment is PropertySegment { Property: { Name: "keys" } keys }
        && keys.DeclaringType.FullTypeName() == KeySetsEdmModel.KeySetType;

    /// <summary>Whether an item of an $expand names the keys of sets as entities.</summary>
    public static bool IsOfEntities(ExpandedReferenceSelectItem item) =>
        item.PathToNavigationProperty is { Count: 1, FirstSegment.Identifier: "keys_v2" };

    /// <summary>Whether an item of an $expand has options that filter, order, count or limit the collection.</summary>
    public static bool HasOptions(ExpandedReferenceSelectItem item) => item is not
    {
        FilterOption: null,
        OrderByOption: null,
        SkipOption: null,
        TopOption: null,
        CountOption: null,
        SearchOption: null,
        ComputeOption: null,
        ApplyOption: null,
    };

    /// <summary>Whether an item of a $select has options that filter, order, count or limit the collection.</summary>
    public static bool HasOptions(PathSelectItem item) => item is not
    {
        FilterOption: null,
        OrderByOption: null,
        SkipOption: null,
        TopOption: null,
        CountOption: null,
        SearchOption: null,
    };

    /// <summary>Whether the answer shows keys of the sets at all.</summary>
    public static bool ShowsKeys(SelectExpandClause? clause) => clause is null or { AllSelected: true }
        || clause.SelectedItems.Any(item =>
            item is WildcardSelectItem or PathSelectItem { SelectedPath.FirstSegment.Identifier: "keys" }
            || (item is ExpandedReferenceSelectItem expand && IsOfEntities(expand)));

    /// <summary>A set with the keys that $select and $expand ask for.</summary>
    public static TrustFrameworkKeySet Apply(TrustFrameworkKeySet set, SelectExpandClause? clause)
    {
        PathSelectItem? keys = Of(clause);
        ExpandedReferenceSelectItem? entities = EntitiesOf(clause);
        return keys is null && entities is null ? set : new TrustFrameworkKeySet
        {
            Id = set.Id,
            Revision = set.Revision,
            Keys = Page(set.Keys, keys?.SkipOption, keys?.TopOption, keys?.CountOption),
            KeysV2 = Page([.. set.KeysV2], entities?.SkipOption, entities?.TopOption, entities?.CountOption),
        };
    }

    /// <summary>Skips some keys, and takes the next ones up to a limit.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="skip">How many keys to skip; null for none.</param>
    /// <param name="top">The most keys; null for no limit.</param>
    /// <param name="count">Whether to count all keys; null for no.</param>
    public static PagedCollection<T> Page<T>(IList<T> keys, long? skip, long? top, bool? count)
    {
        IEnumerable<T> page = keys
            .Skip((int)Math.Min(skip ?? 0, int.MaxValue))
            .Take((int)Math.Min(top ?? int.MaxValue, int.MaxValue));
        return new PagedCollection<T>([.. page]) { TotalCount = count == true ? keys.Count : null };
    }
}

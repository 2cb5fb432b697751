using KeySets.Api.Keys;
using KeySets.Model;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace KeySets.Api.OData.Query;

/// <summary>Which keys of a set are shown. The database has filtered and ordered them; a set holds few, so they are cut here.</summary>
public static class KeySelection
{
    /// <summary>The item of a $select that has options for the keys; null where there is none.</summary>
    /// <exception cref="RefusalException">400: more than one has.</exception>
    public static PathSelectItem? Of(SelectExpandClause? clause)
    {
        PathSelectItem[] items = [.. (clause?.SelectedItems ?? []).OfType<PathSelectItem>().Where(HasOptions)];
        return items.Length <= 1 ? items.SingleOrDefault() : throw Refusal.RepeatedQueryOption(SystemQueryOptions.Select);
    }

    /// <summary>Whether an item of a $select names the keys of sets, as a whole.</summary>
    public static bool IsOfKeys(PathSelectItem item) =>
        item.SelectedPath.Count == 1 && item.SelectedPath.FirstSegment is PropertySegment { Property: { Name: "keys" } keys } && keys.DeclaringType.FullTypeName() == KeySetsEdmModel.KeySetType;

    /// <summary>Whether an item of an $expand is for the keys of sets as entities.</summary>
    public static bool IsOfEntities(ExpandedReferenceSelectItem item) => item.PathToNavigationProperty is { Count: 1, FirstSegment.Identifier: "keys_v2" };

    /// <summary>Whether an item of an $expand asks for some elements of what it names, which is offered for key sets.</summary>
    public static bool HasOptions(ExpandedReferenceSelectItem item) => item is not
    {
        FilterOption: null, OrderByOption: null, SkipOption: null, TopOption: null, CountOption: null, SearchOption: null, ComputeOption: null, ApplyOption: null,
    };

    /// <summary>Whether $select and $expand leave any keys.</summary>
    public static bool IsMade(SelectExpandClause? clause) => clause is null or { AllSelected: true }
        || clause.SelectedItems.Any(item => item is WildcardSelectItem or PathSelectItem { SelectedPath.FirstSegment.Identifier: "keys" }
            || (item is ExpandedReferenceSelectItem expand && IsOfEntities(expand)));

    /// <summary>A set with those of its keys that the $select leaves.</summary>
    public static TrustFrameworkKeySet Cut(TrustFrameworkKeySet set, SelectExpandClause? clause) => Of(clause) is not { } item
        ? set
        : new TrustFrameworkKeySet
        {
            Id = set.Id,
            Revision = set.Revision,
            Keys = Cut(set.Keys, item.SkipOption ?? 0, item.TopOption, item.CountOption ?? false),
        };

    /// <summary>Some of the keys.</summary>
    public static PagedCollection<TrustFrameworkKey> Cut(IList<TrustFrameworkKey> keys, long skip, long? top, bool count) =>
        new([.. keys.Skip((int)Math.Min(skip, int.MaxValue)).Take((int)Math.Min(top ?? int.MaxValue, int.MaxValue))])
        {
            TotalCount = count ? keys.Count : null,
        };

    /// <summary>Whether an item of a $select asks for some elements of what it names, which is offered for the keys of sets.</summary>
    public static bool HasOptions(PathSelectItem item) =>
        item is not { FilterOption: null, OrderByOption: null, SkipOption: null, TopOption: null, CountOption: null };
}

using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;
using static KeySets.Model.Metadata.ServiceAnnotations;

namespace KeySets.Model.Metadata;

/// <summary>
/// The requests that the keys of a set support as entities. As in <see cref="ResourceAnnotations"/>, paths begin at the
/// singleton or at the entity set.
/// </summary>
internal static class KeyEntityAnnotations
{
    /// <summary>The restrictions of the navigation property.</summary>
    /// <param name="keySets">The path of the sets, with a slash at its end; empty for the entity set.</param>
    /// <param name="key">The type of a key, no member of which can be changed.</param>
    /// <param name="privateMembers">The paths of the private members of keys, which cannot be queried.</param>
    public static IEdmExpression Restrictions(string keySets, IEdmStructuredType key, string[] privateMembers)
    {
        string path = $"{keySets}keys_v2";
        string[] unqueried = [.. privateMembers.Select(member => $"{path}/{member.Split('/')[^1]}")];
        return Record(
            ("NavigationProperty", NavigationProperty(path)),
            ("FilterRestrictions", ResourceAnnotations.Filters(unqueried)),
            ("SearchRestrictions", Record(("Searchable", False))),
            ("SortRestrictions", ResourceAnnotations.Sorts(unqueried)),
            ("TopSupported", True),
            ("SkipSupported", True),
            ("SelectSupport", Record(("Supported", True))),
            ("IndexableByKey", True),
            ("ReadRestrictions", Record(
                ("Readable", True),
                Allowed(Permissions.Read, Permissions.ReadWrite),
                ("Description", Text("List the keys of a set with their status, without private members.")),
                ("ReadByKeyRestrictions", Record(
                    ("Readable", True),
                    Allowed(Permissions.Read, Permissions.ReadWrite),
                    ("Description", Text("Get a key of a set with its status, without private members.")))))),
            ("InsertRestrictions", Record(("Insertable", False))),
            ("UpdateRestrictions", Record(
                ("Updatable", True),
                ("Upsertable", False),
                ("FilterSegmentSupported", False),
                ("NonUpdatableProperties", Properties(
                    key.DeclaredProperties.Select(member => $"{path}/{member.Name}"))),
                Allowed(Permissions.ReadWrite),
                ("Description", Text("Enable or disable a key.")))),
            ("DeleteRestrictions", Record(
                ("Deletable", True),
                ("FilterSegmentSupported", False),
                Allowed(Permissions.ReadWrite),
                ("Description", Text("Remove a key from its set.")))),
            ("OptimisticConcurrencyControl", False));
    }
}

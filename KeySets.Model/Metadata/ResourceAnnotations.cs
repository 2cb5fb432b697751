using Microsoft.OData.Edm;
using static KeySets.Model.Metadata.Expressions;
using static KeySets.Model.Metadata.ServiceAnnotations;

namespace KeySets.Model.Metadata;

/// <summary>
/// Annotates the singleton and its contents, and the entity set, with the requests that they support. A contained
/// collection has no entity set that could be annotated, so its annotations are part of those of the singleton, and
/// their paths begin there.
/// </summary>
internal static class ResourceAnnotations
{
    private const string KeySets = $"{KeySetsEdmModel.KeySets}/";

    /// <summary>Annotates the singleton.</summary>
    public static void Annotate(Annotator annotator, EdmSingleton root, IEdmStructuredType key)
    {
        string[] privateMembers = PrivateMembersOf(annotator, key, KeySets);
        annotator.Describe(root, "The only trust framework, at /trustFramework.");
        annotator.Annotate(
            root,
            "Capabilities.ReadRestrictions",
            Record(("Readable", True), Allowed(Permissions.Read, Permissions.ReadWrite)));
        annotator.Annotate(root, "Capabilities.UpdateRestrictions", Record(("Updatable", False)));
        annotator.Annotate(root, "Capabilities.DeleteRestrictions", Record(("Deletable", False)));
        annotator.Annotate(root, "Capabilities.SelectSupport", Record(("Supported", True)));
        annotator.Annotate(
            root, "Capabilities.ExpandRestrictions", Record(("Expandable", True), ("MaxLevels", Number(1))));
        IEdmExpression keySets =
            Record([
                ("NavigationProperty", NavigationProperty(KeySetsEdmModel.KeySets)),
                .. Reads(privateMembers),
                .. Writes(KeySets),
                // The service sends ETags and obeys If-Match, but true would mean that changes demand If-Match.
                ("OptimisticConcurrencyControl", False),
            ]);
        IEdmExpression keysV2 = KeyEntityAnnotations.Restrictions(KeySets, key, privateMembers);
        annotator.Annotate(
            root, "Capabilities.NavigationRestrictions", Record(("RestrictedProperties", List(keySets, keysV2))));
        annotator.Annotate(
            root, "Capabilities.CollectionPropertyRestrictions", List(KeyRestrictions(KeySets, privateMembers)));
    }

    /// <summary>Annotates the entity set.</summary>
    public static void Annotate(Annotator annotator, EdmEntitySet keySets, IEdmStructuredType key)
    {
        string[] privateMembers = PrivateMembersOf(annotator, key, "");
        annotator.Describe(
            keySets,
            "The sets of /trustFramework/keySets, for clients that look for entity sets and not into singletons.");
        foreach ((string term, IEdmExpression value) in Reads(privateMembers).Concat(Writes("")))
        {
            annotator.Annotate(keySets, $"Capabilities.{term}", value);
        }

        annotator.Annotate(
            keySets, "Capabilities.ExpandRestrictions", Record(("Expandable", True), ("MaxLevels", Number(1))));
        annotator.Annotate(
            keySets,
            "Capabilities.NavigationRestrictions",
            Record(("RestrictedProperties", List(KeyEntityAnnotations.Restrictions("", key, privateMembers)))));
        annotator.Annotate(
            keySets, "Capabilities.CollectionPropertyRestrictions", List(KeyRestrictions("", privateMembers)));
    }

    private static string[] PrivateMembersOf(Annotator annotator, IEdmStructuredType key, string path) =>
        [.. annotator.Annotated(key, "Core.Permissions").Select(member => $"{path}keys/{member.Name}")];

    private static IEnumerable<(string, IEdmExpression)> Reads(string[] privateMembers) =>
    [
        ("FilterRestrictions", Filters(privateMembers)),
        ("SearchRestrictions", Record(("Searchable", True))),
        ("SortRestrictions", Sorts(privateMembers)),
        ("TopSupported", True),
        ("SkipSupported", True),
        ("SelectSupport", Record(
            ("Supported", True),
            ("Filterable", True),
            ("TopSupported", True),
            ("SkipSupported", True),
            ("Countable", True),
            ("Sortable", True))),
        ("IndexableByKey", True),
        ("ReadRestrictions", Record(
            ("Readable", True),
            Allowed(Permissions.Read, Permissions.ReadWrite),
            ("Description", Text("List key sets, a page at a time, without private members.")),
            ("ReadByKeyRestrictions", Record(
                ("Readable", True),
                Allowed(Permissions.Read, Permissions.ReadWrite),
                ("Description", Text("Get a key set, without private members.")))))),
    ];

    private static IEnumerable<(string, IEdmExpression)> Writes(string path) =>
    [
        ("InsertRestrictions", Record(
            ("Insertable", True),
            ("NonInsertableNavigationProperties", List(NavigationProperty($"{path}keys_v2"))),
            Allowed(Permissions.ReadWrite),
            ("Description", Text("Create a key set. The answer shows the keys as they were sent.")))),
        ("UpdateRestrictions", Record(
            ("Updatable", True),
            ("Upsertable", True),
            ("FilterSegmentSupported", False),
            ("NonUpdatableProperties", Properties($"{path}id")),
            Allowed(Permissions.ReadWrite),
            ("Description", Text("Change what is sent of a key set, or create it.")),
            // No UpdateMethod: null means PATCH and perhaps PUT, and some generators make a single method of two.
            ("LongDescription", Text(
                "PATCH changes what is sent, PUT replaces the whole set. Either replaces the keys as a whole.")))),
        ("DeleteRestrictions", Record(
            ("Deletable", True),
            ("FilterSegmentSupported", False),
            Allowed(Permissions.ReadWrite),
            ("Description", Text("Remove a key set with its keys.")))),
    ];

    private static IEdmExpression KeyRestrictions(string path, string[] privateMembers) => Record(
        ("CollectionProperty", Property($"{path}keys")),
        ("FilterRestrictions", Filters(privateMembers)),
        ("SearchRestrictions", Record(("Searchable", False))),
        ("SortRestrictions", Sorts(privateMembers)),
        ("TopSupported", True),
        ("SkipSupported", True),
        ("SelectSupport", Record(("Supported", True))),
        ("Insertable", True),
        ("Updatable", False),
        ("Deletable", False));

    /// <remarks>A filter could reveal a private member bit by bit.</remarks>
    internal static IEdmExpression Filters(string[] privateMembers) =>
        Record(("Filterable", True), ("NonFilterableProperties", Properties(privateMembers)));

    internal static IEdmExpression Sorts(string[] privateMembers) =>
        Record(("Sortable", True), ("NonSortableProperties", Properties(privateMembers)));
}
